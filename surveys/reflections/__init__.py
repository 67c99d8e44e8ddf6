"""Reflections and recommendations: cases with an owner, a clock, and the citizen's own word.

`states` and `rules` hold what is data, `clocks` the pure reckoning, `moving.move` the one way in
which a state changes; the verbs stand around it. docs/reflections.md tells who may do what.
"""

from surveys.reflections.actors import (
    CITIZEN,
    SYSTEM,
    Actor,
    list_approval,
    list_approvers,
    list_clerks,
    set_approval,
    set_approver,
    staff_actor,
    wants_approval,
)
from surveys.reflections.answering import (
    answer,
    approve,
    can_draft,
    list_drafts,
    newest_answer,
    return_answer,
    return_draft,
    save_draft,
    submit_draft,
)
from surveys.reflections.clocks import Explanation, Term
from surveys.reflections.colleagues import list_agencies, list_colleagues
from surveys.reflections.desks import CaseDesk, case_desk
from surveys.reflections.dossiers import dossier_of
from surveys.reflections.errors import (
    DraftConflictError,
    MoveError,
    RoleError,
    StaleCaseError,
    UnknownCaseError,
)
from surveys.reflections.escalating import (
    add_escalation,
    end_escalation,
    escalate,
    list_escalations,
)
from surveys.reflections.handling import (
    add_information,
    ask_information,
    assign,
    describe,
    extend,
    go_on,
    note,
    receive,
    refuse,
    set_title,
    set_type,
    take,
    transfer,
)
from surveys.reflections.inbox import inbox, inbox_counts, overdue
from surveys.reflections.merging import merge, suggest_duplicates, unmerge
from surveys.reflections.opening import open_case
from surveys.reflections.own_contact import contact_places
from surveys.reflections.programs import SentCase, program_case, program_cases, take_case
from surveys.reflections.publications import PublicFilters, public_case, public_list
from surveys.reflections.publishing import (
    confirm_redaction,
    end_publication,
    list_redactions,
    publish,
    save_redaction,
)
from surveys.reflections.recoding import renew_code
from surveys.reflections.records import (
    Consents,
    Filters,
    Moved,
    NewCase,
    Opened,
    Page,
    Person,
    Redacted,
)
from surveys.reflections.redacting import OpenTexts, open_texts, public_agencies
from surveys.reflections.references import read_reference
from surveys.reflections.replying import (
    NewTemplate,
    fill_template,
    list_templates,
    save_template,
)
from surveys.reflections.requests import (
    RequestFilters,
    agency_named,
    list_requests,
)
from surveys.reflections.rules import (
    NewRule,
    list_rules,
    list_types,
    remove_rule,
    save_type,
    set_rule,
    shipped_terms,
)
from surveys.reflections.running import recount_clocks
from surveys.reflections.states import OPEN, event_title, machine, state_title
from surveys.reflections.verdicts import not_settled, rate_reply, settle, withdraw_consent
from surveys.reflections.views import (
    CaseView,
    CitizenView,
    case_view,
    citizen_view,
    find_by_code,
    find_by_reference,
    find_by_token,
    read_contact,
    read_texts,
)

__all__ = [
    "CITIZEN",
    "OPEN",
    "SYSTEM",
    "Actor",
    "CaseDesk",
    "CaseView",
    "CitizenView",
    "Consents",
    "DraftConflictError",
    "Explanation",
    "Filters",
    "MoveError",
    "Moved",
    "NewCase",
    "NewRule",
    "NewTemplate",
    "OpenTexts",
    "Opened",
    "Page",
    "Person",
    "PublicFilters",
    "Redacted",
    "RequestFilters",
    "RoleError",
    "SentCase",
    "StaleCaseError",
    "Term",
    "UnknownCaseError",
    "add_escalation",
    "add_information",
    "agency_named",
    "answer",
    "approve",
    "ask_information",
    "assign",
    "can_draft",
    "case_desk",
    "case_view",
    "citizen_view",
    "confirm_redaction",
    "contact_places",
    "describe",
    "dossier_of",
    "end_escalation",
    "end_publication",
    "escalate",
    "event_title",
    "extend",
    "fill_template",
    "find_by_code",
    "find_by_reference",
    "find_by_token",
    "go_on",
    "inbox",
    "inbox_counts",
    "list_agencies",
    "list_approval",
    "list_approvers",
    "list_clerks",
    "list_colleagues",
    "list_drafts",
    "list_escalations",
    "list_redactions",
    "list_requests",
    "list_rules",
    "list_templates",
    "list_types",
    "machine",
    "merge",
    "newest_answer",
    "not_settled",
    "note",
    "open_case",
    "open_texts",
    "overdue",
    "program_case",
    "program_cases",
    "public_agencies",
    "public_case",
    "public_list",
    "publish",
    "rate_reply",
    "read_contact",
    "read_reference",
    "read_texts",
    "receive",
    "recount_clocks",
    "refuse",
    "remove_rule",
    "renew_code",
    "return_answer",
    "return_draft",
    "save_draft",
    "save_redaction",
    "save_template",
    "save_type",
    "set_approval",
    "set_approver",
    "set_rule",
    "set_title",
    "set_type",
    "settle",
    "shipped_terms",
    "staff_actor",
    "state_title",
    "submit_draft",
    "suggest_duplicates",
    "take",
    "take_case",
    "transfer",
    "unmerge",
    "wants_approval",
    "withdraw_consent",
]
