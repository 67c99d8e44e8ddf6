"""Paper: the office prints it, operators key it, a third person decides, an analyst counts errors."""

from app.pages.paper import batches, desk, disputes, errors

routes = [*batches.routes, *desk.routes, *disputes.routes, *errors.routes]
