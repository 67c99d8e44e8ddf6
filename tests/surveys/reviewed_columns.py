"""Every column of every table, read by a person who asked: may this join a rating to a dossier?

A new column fails the test until it stands here, with what it may tell. Ask of it: does it hold a
dossier, a person, an answer or anything computed from one, an exact time, an order of arrival, an
id that another table of the other side has? If it is on the side of the answers and says anything
finer than the cell, it does not belong in the database (docs/privacy.md).
"""

from tests.surveys.reviewed import Reviewed
from tests.surveys.reviewed_columns_interchange import INTERCHANGE
from tests.surveys.reviewed_columns_letters import LETTERS
from tests.surveys.reviewed_columns_themes import THEMES

TABLES = {
    # The side of the dossiers: who, and that they rated, never what.
    "dossier": Reviewed(
        "everything of the office's work on a dossier, with exact times; no rating",
        "agency channel closed_at code due_at id outcome procedure received_at returned_at",
    ),
    "right_to_rate": Reviewed(
        "which dossier may rate, where and until when, and in which cell the rating will be",
        "cell counter dossier expires_at mode opened_at questionnaire token_hash",
    ),
    "spent_right": Reviewed(
        "which dossier was rated, on which day; `stirred`: rewritten among those of its day",
        "day dossier id questionnaire stirred",
    ),
    "draft": Reviewed(
        "that a link was opened and something begun; sealed, all of one length, a midnight",
        "expires_at sealed token_hash",
    ),
    "link_code": Reviewed("which links have a typed code", "code_hash token_hash used"),
    "promised_right": Reviewed(
        "which dossiers had a slip before they ended",
        "code_hash days dossier questionnaire token_hash",
    ),
    "signed_request": Reviewed(
        "how many rights were signed on a day, in the order of signing; `id` names its dossier only"
        " to whoever has the blinded message, which is kept nowhere",
        "day id",
    ),
    "contact": Reviewed(
        "an address, and until the invitation is queued its dossier",
        "address address_hash channel consented_at consented_how dossier expires_at id language"
        " notice purpose reference seed withdrawn_at",
    ),
    "outbox_message": Reviewed(
        "when an invitation left; neither dossier nor whether it was followed",
        "address attempts channel contact created_at done_at due event fields id language"
        " last_error leased_until provider_id reminder state template_version unique_key urgent"
        " worker",
    ),
    "mode_assignment": Reviewed(
        "by what a dossier's citizen was asked", "before_return day dossier id mode plan"
    ),
    # Between the sides: aggregates and ids, joined to neither after mixing.
    "cell": Reviewed(
        "keys that at least twenty finished dossiers share, or agency and quarter",
        "agency channel field grain id on_time returned_from",
    ),
    "cell_merge": Reviewed(
        "counts: finished dossiers of a fine cell, rights opened and ratings moved per cell",
        "cell fine given held id moved",
    ),
    "signing_key": Reviewed(
        "in which cells rights were signed; public, but for the sealed half",
        "cell id public_key questionnaire redeem_until sealed",
    ),
    "resend_key": Reviewed(
        "the id under which a rating came, and the day; `stirred`: in no order", "day id stirred"
    ),
    "device_event": Reviewed(
        "that a tap came from which device, under the id that it loses at mixing; no time",
        "day device event id kind number",
    ),
    "quality_box": Reviewed(
        "sealed times, of all boxes of few taps one length; JOINABLE with the job's key, for 7 days",
        "box day id",
    ),
    # What the nightly job leaves: counts, none of them of few people.
    "counter_day": Reviewed(
        "counts of a counter's day; by level and minutes only where five were handed over and five"
        " rated",
        "bad_signatures bins conflicts counter day gaps handovers id late levels linked missing"
        " off_hours ratings",
    ),
    "detector_result": Reviewed(
        "what a detector computed of a counter's day or week",
        "counter day detector id p q statistic week",
    ),
    "judged_week": Reviewed(
        "weeks, and how many were flagged", "counters flagged judged_on recipe week"
    ),
    "quality_flag": Reviewed(
        "a counter's week, what was unusual in it, what people say of it",
        "answer answered_at answered_by counter decided_at decided_by decision evidence id made_at q"
        " reasons state week",
    ),
    # The side of the answers.
    "spent_signature": Reviewed(
        "that a ticket of this cell was redeemed on this day; JOINABLE to its rating, never to its"
        " dossier, by transaction until stirred; `hash` is of a message that only the citizen had",
        "day hash key stirred",
    ),
    "waiting_rating": Reviewed(
        "JOINABLE by transaction until stirred, by cell and day until mixed; no time of arrival",
        "assisted cell comment counter day day_certain flag id judged mode received_on stirred"
        " version",
    ),
    "waiting_answer": Reviewed(
        "the same; `id` counts in the order of the last stirring", "code id item rating version"
    ),
    "rating": Reviewed(
        "a cell (linked) or a counter's day (unlinked), how it was given, who helped; `flag`: that it"
        " was given at a counter in a week, among six of its cell at least",
        "assisted cell counter day day_certain flag id mode version",
    ),
    "answer": Reviewed(
        "codes; `id` counts in the random order of mixing", "code id item rating version"
    ),
    "comment": Reviewed(
        "what was written, by agency and month; mixed in the transaction of its batch",
        "agency id month satisfied text version",
    ),
    "commitment_batch": Reviewed(
        "salted hashes of ratings, in their own order; JOINABLE to them by transaction until gathered",
        "counts day hashes id",
    ),
    "ledger_day": Reviewed(
        "salted hashes of a day in their own order; ratings by agency or counter and day",
        "counted counts day hashes head nonce number previous root told",
    ),
    "ledger_finding": Reviewed(
        "running numbers that are missing, came late or twice; no event, no time",
        "day device first id kind last times",
    ),
    # Paper: a sheet knows a cell or a counter's day; who got it is written nowhere.
    "paper_batch": Reviewed(
        "that sheets were printed for a counter's day, or for dossiers that it does not name",
        "agency counter day id made_by made_on sheets version",
    ),
    "paper_sheet": Reviewed(
        "a cell that six sheets of its batch share; the rating that was made of it has another id",
        "batch cell outcome place serial state",
    ),
    "paper_keying": Reviewed(
        "what an operator read on a sheet, until the sheet is settled",
        "account answers id outcome sheet turn",
    ),
    "keying_tally": Reviewed(
        "an operator's month in counts", "account fields id month sheets wrong"
    ),
    # Counts and sums of many.
    "index_run": Reviewed(
        "figures by agency; small ones hidden in what is public",
        "code_version created_at cutoff document id input_hash period public_document"
        " published_at questionnaire recipe simulated state supersedes",
    ),
    "run_chart": Reviewed("pictures of published figures", "id name run svg"),
    "run_comment": Reviewed("an agency's words about a run", "agency at id run text"),
    "run_notice": Reviewed("why a run was withdrawn", "at id kind run text"),
    "device": Reviewed(
        "how a kiosk does: highest number, gaps, queue, last heartbeat; no single tap",
        "bad_signatures clock_offset_ms config_version conflicts counter enrolled_at given_out"
        " highest id late missing name oldest_at page_version persisted public_key queue quota"
        " replaced_at replaced_by revoked_at seen_at storage_full usage",
    ),
    "device_boot": Reviewed(
        "loads of a kiosk's page, and how long the newest heartbeat says it was open",
        "boot device id tick",
    ),
    "job": Reviewed(
        "when mixing ran and how many ratings it moved in all; 30 days",
        "attempts done_at due failed id leased_until outcome payload task unique_key worker",
    ),
    "audit_entry": Reviewed("what staff did; no answers", "account action at detail id subject"),
    # The register, forms, settings and staff: nothing of any rating.
    "account": Reviewed(
        "staff",
        "agency created_at disabled failed_sign_ins id language locked_until"
        " must_change_password password_hash role username",
    ),
    "admin_unit": Reviewed("units", "code id kind level name parent valid_from valid_to"),
    "agency": Reviewed("agencies", "code id level name parent unit valid_from valid_to"),
    "agency_succession": Reviewed(
        "successions", "assumed effective_date id kind predecessor share successor"
    ),
    "allowed_code": Reviewed("codes that a form allows", "code id item version"),
    "api_key": Reviewed(
        "keys of programs", "agency created_at id key_hash name purpose revoked_at"
    ),
    "counter": Reviewed("counters", "agency code id name"),
    "enrolment_code": Reviewed(
        "codes that enrol a device", "code_hash counter device expires_at made_by replaces"
    ),
    "field": Reviewed("fields", "code id name"),
    "kiosk_setting": Reviewed("settings", "account agency changed_at counter id said version"),
    "message_template": Reviewed(
        "texts", "author body channel created_at event id language subject version"
    ),
    "mode_plan": Reviewed(
        "shares of modes", "agency created_at id kiosk message none seed valid_from valid_to"
    ),
    "national_holiday": Reviewed("days", "changed_at day id name name_en working"),
    "office_hours": Reviewed("hours", "agency changed_at closes id opens valid_from weekday"),
    "opt_out": Reviewed("hashed addresses that want no messages", "address_hash day"),
    "procedure": Reviewed("procedures", "code field id level name working_days"),
    "public_address": Reviewed("addresses on posters", "agency code counter id"),
    "published_total": Reviewed(
        "printed totals",
        "assumed computed id indicator note part_of period printed scope source unit",
    ),
    "questionnaire_version": Reviewed(
        "forms", "compiled id key md5 published_at title version xform xlsx"
    ),
    "special_day": Reviewed("days", "agency changed_at day id kind like_weekday name"),
    "staff_session": Reviewed("sessions of staff", "account data expires_at id_hash"),
    "unit_succession": Reviewed(
        "successions", "assumed effective_date id kind predecessor share successor"
    ),
    # Cases: who wrote and what. What was a comment beside a rating has left it before the rating
    # is sent, and comes by a request of its own: nothing here names a rating, and no rating a case.
    "reflection_case": Reviewed(
        "that somebody wrote about an agency, and the dossier if they named it; no rating",
        "agency asked_in channel code_hash created_at dossier due_at extended id kind language"
        " merged_into notify on_behalf owner plain received_on reference source state title"
        " token_hash token_version type unit version",
    ),
    "case_text": Reviewed(
        "what the citizen wrote to be answered, with a name if they gave it; never beside levels",
        "account added_at case_id id part plain subject text version",
    ),
    "case_contact": Reviewed(
        "who wrote, while they consent; no rating",
        "address case_id consented_at consented_how expires_at id mail name notice phone"
        " publication reply survey",
    ),
    "case_event": Reviewed(
        "what officials and citizens did to a case, with times",
        "account agency at case_id detail from_state id name public role to_state",
    ),
    "case_clock": Reviewed(
        "terms of cases",
        "agency amount case_id cause clock due_at extra_amount extra_unit id source started_at"
        " stopped_at unit worked_minutes",
    ),
    "case_pause": Reviewed(
        "times in which a clock stood", "clock due_before id paused_at resumed_at"
    ),
    "case_note": Reviewed("what officials tell one another", "account agency at case_id id text"),
    "case_draft": Reviewed(
        "drafts of answers by officials",
        "account agency approved_at approved_by case_id change explanation id saved_at text version",
    ),
    "case_answer": Reviewed(
        "answers, and how their citizen rated the answer (not the service)",
        "account agency answered_at approved_by case_id change draft explanation id level text"
        " turn verdict verdict_at",
    ),
    "case_attachment": Reviewed(
        "files that came with a case, under names of our own",
        "account added_at answer bytes case_id id label media_type scan sha256",
    ),
    "case_merge": Reviewed("cases that tell of the same", "account at duplicate ended_at id main"),
    "case_redaction": Reviewed(
        "covered texts and who confirmed them",
        "account answer case_id confirmed_at confirmed_by id part plain saved_at spans text"
        " version",
    ),
    "case_publication": Reviewed(
        "what is public of a case",
        "account answer case_id ended_at explanation id plain published_at question reason reply"
        " title",
    ),
    "case_type": Reviewed("types", "changed_at id key name name_en retired"),
    "deadline_rule": Reviewed(
        "terms",
        "account agency amount case_type changed_at channel clock id source unit valid_from",
    ),
    "escalation_rule": Reviewed(
        "whom to tell of late cases",
        "account address after_hours agency changed_at channel clock ended_at id",
    ),
    "case_duty": Reviewed("who approves answers", "account agency id since until"),
    "reflection_setting": Reviewed(
        "whether answers need approval", "account agency approval changed_at id"
    ),
    "reply_template": Reviewed(
        "words of replies",
        "account agency body case_type changed_at id key retired title version",
    ),
    "mailbox_letter": Reviewed(
        "letters of the mailbox: what became of each; of a sender one sign and the host",
        "account case_id done_at id key noted_at outcome sender sent_at uid",
    ),
}

TABLES |= INTERCHANGE | LETTERS | THEMES
