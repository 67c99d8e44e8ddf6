"""What the office sets about cases: types, terms, who is told of late ones, who approves."""

from app.pages.cases.rules import approvers, escalations, terms, types

routes = [*types.routes, *terms.routes, *escalations.routes, *approvers.routes]
