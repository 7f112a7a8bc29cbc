"""Who may what, through every door: one line a page, route, command and verb, with the deed it takes.

``anybody`` is whoever acts, with any role or none: what stands there shows one's own, or what everybody
finds (``test_guarded.py`` names the verbs behind it). A deed is one of ``access.MAY``, which says the
roles. Whoever adds a page, a route, a command or a verb adds its line here; ``test_matrix.py`` names the
line that is missing, and asks each as every role.
"""

ANYBODY = "anybody"

PAGES = """
anybody overview
ask chat
read feedback
review annotation
metrics metrics
metrics comparison
ask documents
change assistants
change models
read traces
people people
operate audit
operate settings
anybody account
"""

ROUTES = """
metrics GET /v1/alert-rules/channels
ask GET /v1/assistants
ask GET /v1/assistants/{assistant}
ask GET /v1/assistants/{assistant}/challenger
ask GET /v1/assistants/{assistant}/retention
ask GET /v1/cache
anybody GET /v1/conversations
ask GET /v1/documents
ask GET /v1/documents/{document_id}
ask GET /v1/documents/{document_id}/versions
ask GET /v1/embedder
ask GET /v1/embedder/proposals
anybody GET /v1/feedback/{message_id}
anybody GET /v1/feedback/{message_id}/flags
anybody GET /v1/me
ask GET /v1/memory/uses
ask GET /v1/models
ask GET /v1/models/details
ask GET /v1/models/health
ask GET /v1/models/servers
anybody GET /v1/privacy/held
metrics GET /v1/stats
anybody GET /v1/tokens
anybody POST /v1/tokens
anybody DELETE /v1/tokens/{token_id}
anybody DELETE /v1/sign-ins/{sign_in_id}
ask DELETE /v1/assistants/{assistant}/consent
ask GET /v1/assistants/{assistant}/consent
ask POST /v1/assistants/{assistant}/consent
ask POST /v1/conversations
ask DELETE /v1/conversations/{conversation_id}
ask PATCH /v1/conversations/{conversation_id}
ask POST /v1/conversations/{conversation_id}/messages
ask POST /v1/conversations/{conversation_id}/restore
ask GET /v1/documents/{document_id}/diff
ask GET /v1/documents/{document_id}/file
ask GET /v1/documents/{document_id}/text
ask POST /v1/query
ask POST /v1/query/{message_id}/stop
ask POST /v1/search
rate POST /v1/conversations/{conversation}/outcome
rate DELETE /v1/conversations/{conversation}/outcome/{name}
rate POST /v1/feedback
rate DELETE /v1/feedback/conversations/{conversation}
rate DELETE /v1/feedback/{message_id}
rate DELETE /v1/feedback/{message_id}/flags/{problem}
rate DELETE /v1/votes/{vote_id}
metrics GET /v1/alert-rules
metrics GET /v1/alert-rules/suggestions
metrics POST /v1/alert-rules/try
metrics GET /v1/alert-rules/{rule_id}
metrics POST /v1/alert-rules/{rule_id}/try
metrics GET /v1/alerts
metrics GET /v1/alerts/{alert_id}
metrics GET /v1/evaluation-runs
metrics GET /v1/evaluation-runs/{run_id}
metrics GET /v1/evaluation-runs/{run_id}/gate
metrics GET /v1/evaluation-runs/{run_id}/judge
metrics GET /v1/evaluation-runs/{run_id}/report
metrics GET /v1/evaluation-runs/{run_id}/returns
metrics GET /v1/evaluation-runs/{run_id}/slices
metrics GET /v1/evaluation-runs/{run_id}/verdict
metrics GET /v1/gates/{assistant}
metrics GET /v1/metrics/advice
metrics GET /v1/metrics/breakdown
metrics GET /v1/metrics/marks
metrics GET /v1/metrics/measures
metrics GET /v1/metrics/overview
metrics GET /v1/metrics/series
metrics GET /v1/metrics/settings
metrics GET /v1/metrics/topics
metrics GET /v1/models/stats
metrics GET /v1/ranking
metrics GET /v1/ranking/topics
read GET /v1/comparisons
read GET /v1/comparisons/{comparison_id}
read GET /v1/comparisons/{comparison_id}/events
read GET /v1/comparisons/{comparison_id}/export
read GET /v1/comparisons/{comparison_id}/opinions
read GET /v1/conversations/{conversation_id}
read GET /v1/conversations/{conversation_id}/export
read GET /v1/conversations/{conversation_id}/messages
read DELETE /v1/conversations/{conversation_id}/messages/{message_id}
read GET /v1/conversations/{conversation_id}/messages/{message_id}
read PATCH /v1/conversations/{conversation_id}/messages/{message_id}
read POST /v1/conversations/{conversation_id}/messages/{message_id}/rephrase
read GET /v1/conversations/{conversation}/outcome
read GET /v1/evaluation-runs/{run_id}/changes
read GET /v1/feedback
read GET /v1/feedback/counts
read GET /v1/feedback/export
read GET /v1/feedback/summary
read GET /v1/memory
read GET /v1/memory/{approved_id}
read GET /v1/messages/{message_id}/trace
read GET /v1/metrics/behind
read GET /v1/metrics/unanswered
read GET /v1/query/{message_id}
read GET /v1/traces
review POST /v1/annotation/claims
review GET /v1/annotation/items/{item_id}
review POST /v1/annotation/items/{item_id}/claim
review GET /v1/annotation/items/{item_id}/compared
review POST /v1/annotation/items/{item_id}/heartbeat
review POST /v1/annotation/items/{item_id}/not-for-me
review GET /v1/annotation/items/{item_id}/opinions
review POST /v1/annotation/items/{item_id}/postpone
review POST /v1/annotation/items/{item_id}/release
review GET /v1/annotation/items/{item_id}/similar
review POST /v1/annotation/items/{item_id}/skip
review POST /v1/annotation/items/{item_id}/submit
review GET /v1/annotation/queues
review GET /v1/annotation/queues/{queue_id}
review GET /v1/annotation/queues/{queue_id}/agreement
review GET /v1/annotation/queues/{queue_id}/estimate
review GET /v1/annotation/queues/{queue_id}/figures
review GET /v1/annotation/queues/{queue_id}/guideline
review GET /v1/annotation/queues/{queue_id}/items
review GET /v1/annotation/queues/{queue_id}/judge
review GET /v1/annotation/queues/{queue_id}/progress
review POST /v1/annotation/queues/{queue_id}/reconsider
review GET /v1/annotation/queues/{queue_id}/rules
review POST /v1/annotation/queues/{queue_id}/undo
review POST /v1/votes
review GET /v1/votes/next
lead POST /v1/alerts/{alert_id}/queue
lead DELETE /v1/annotation/items/{item_id}
lead POST /v1/annotation/items/{item_id}/adjudicate
lead DELETE /v1/annotation/items/{item_id}/known
lead PUT /v1/annotation/items/{item_id}/known
lead POST /v1/annotation/queues
lead DELETE /v1/annotation/queues/{queue_id}
lead PATCH /v1/annotation/queues/{queue_id}
lead GET /v1/annotation/queues/{queue_id}/disagreements
lead GET /v1/annotation/queues/{queue_id}/export
lead PUT /v1/annotation/queues/{queue_id}/guideline
lead POST /v1/annotation/queues/{queue_id}/items
lead POST /v1/annotation/queues/{queue_id}/judge
lead GET /v1/annotation/queues/{queue_id}/preview
lead POST /v1/annotation/queues/{queue_id}/preview
lead POST /v1/annotation/queues/{queue_id}/refill
lead POST /v1/annotation/queues/{queue_id}/restore
lead PUT /v1/annotation/queues/{queue_id}/rules
lead POST /v1/annotation/refill
lead POST /v1/memory/{approved_id}/restore
lead POST /v1/memory/{approved_id}/retire
compare POST /v1/comparisons
compare DELETE /v1/comparisons/{comparison_id}
compare POST /v1/comparisons/{comparison_id}/opinions
compare POST /v1/comparisons/{comparison_id}/restore
compare POST /v1/comparisons/{comparison_id}/stop
compare POST /v1/evaluation-runs
compare POST /v1/evaluation-runs/estimate
compare POST /v1/evaluation-runs/upload
compare DELETE /v1/evaluation-runs/{run_id}
compare POST /v1/evaluation-runs/{run_id}/cancel
compare POST /v1/evaluation-runs/{run_id}/gate
compare POST /v1/evaluation-runs/{run_id}/judge
compare POST /v1/evaluation-runs/{run_id}/judge/estimate
compare POST /v1/evaluation-runs/{run_id}/judge/stop
compare POST /v1/evaluation-runs/{run_id}/resume
change POST /v1/alert-rules
change DELETE /v1/alert-rules/{rule_id}
change PATCH /v1/alert-rules/{rule_id}
change POST /v1/alerts/{alert_id}/acknowledge
change POST /v1/alerts/{alert_id}/resolve
change POST /v1/assistants
change POST /v1/assistants/import
change POST /v1/assistants/{assistant_id}/restore
change DELETE /v1/assistants/{assistant}
change PATCH /v1/assistants/{assistant}
change DELETE /v1/assistants/{assistant}/challenger
change PUT /v1/assistants/{assistant}/challenger
change POST /v1/assistants/{assistant}/default
change GET /v1/assistants/{assistant}/export
change GET /v1/assistants/{assistant}/members
change DELETE /v1/cache
change POST /v1/diagnose
change POST /v1/documents
change POST /v1/documents/bulk
change DELETE /v1/documents/{document_id}
change PATCH /v1/documents/{document_id}
change POST /v1/documents/{document_id}/restore
change PUT /v1/embedder
change DELETE /v1/embedder/coming
change PUT /v1/gates/{assistant}
change PUT /v1/memory/uses
change PUT /v1/metrics/settings
change POST /v1/metrics/topics/regroup
change PATCH /v1/metrics/topics/{topic}
change POST /v1/models
change POST /v1/models/pull
people PUT /v1/assistants/{assistant}/members
people GET /v1/people
people POST /v1/people/invitations
people PUT /v1/people/{person_id}/roles
people POST /v1/people/{person_id}/disable
people POST /v1/people/{person_id}/enable
people POST /v1/people/{person_id}/reset
people GET /v1/people/{person_id}/sign-ins
people DELETE /v1/people/{person_id}/sign-ins
operate PUT /v1/assistants/{assistant}/consent
operate PUT /v1/assistants/{assistant}/retention
operate GET /v1/audit
operate GET /v1/audit/export
operate GET /v1/audit/{number}
operate GET /v1/backups
operate POST /v1/backups
operate POST /v1/backups/{name}/verify
operate DELETE /v1/models/servers/{name}
operate PUT /v1/models/servers/{name}
operate GET /v1/privacy/erasures
operate POST /v1/privacy/erasures
operate POST /v1/privacy/plan
operate GET /v1/secrets
operate DELETE /v1/secrets/{name}
operate PUT /v1/secrets/{name}
operate GET /v1/storage
"""

# as they are typed; the names in braces are those of tests/access/world.py
COMMANDS = """
anybody assistants challenger {assistant_id}
anybody assistants list
anybody assistants parameters {assistant_id}
anybody assistants routing {assistant_id}
anybody backup key
anybody cache show
anybody conversations list
anybody database decrypt
anybody database encrypt
anybody database key
anybody doctor
anybody documents embedder show
anybody documents list
anybody documents usage
anybody documents versions {document_id}
anybody migrate
anybody models health
anybody models list
anybody models servers
anybody models setup
anybody people list
anybody people may
anybody privacy retention
anybody serve
anybody status
anybody tokens list
anybody tokens revoke programa
ask ask "Quando?" --assistant {assistant_id}
ask conversations remove {conversation_id}
ask conversations restore {conversation_id}
ask documents diff {document_id}
ask documents original {document_id}
ask documents show {document_id}
ask privacy agree
ask privacy consent
ask privacy withdraw
ask search prazo --assistant {assistant_id}
ask tokens make programa
rate feedback give {message_id} --rating up
rate metrics outcome {conversation_id} converted
metrics comparison gate {run_id}
metrics comparison ranking
metrics comparison report {run_id}
metrics comparison rules
metrics comparison runs
metrics comparison verdict {run_id}
metrics metrics advise
metrics metrics alerts list
metrics metrics alerts show {alert_id}
metrics metrics breakdown answers --by assistant
metrics metrics export answers
metrics metrics overview
metrics metrics report
metrics metrics rules list
metrics metrics rules suggest
metrics metrics rules try {rule_id}
metrics metrics series answers
metrics metrics settings
metrics metrics topics
read comparison export {comparison_id}
read comparison list
read comparison show {comparison_id}
read conversations export {conversation_id}
read conversations show {conversation_id}
read feedback export
read feedback list
read memory list
read memory show {approved_id}
read metrics behind answers
read metrics unanswered
read trace {answer_id}
review annotation agreement
review annotation next
review annotation progress
review comparison vote
lead annotation export
lead annotation judge
lead annotation refill
lead memory restore {approved_id}
lead memory retire {approved_id}
lead metrics alerts queue {alert_id}
compare comparison ask Quando? --assistant {assistant_id}
compare comparison cancel {run_id}
compare comparison judge {run_id} --model fake:echo
compare comparison remove {comparison_id}
compare comparison resume {run_id}
compare comparison run {file} --assistant {assistant_id}
change assistants challenger {assistant_id} fake:echo
change assistants create Nova
change assistants default {assistant_id}
change assistants export {assistant_id} {folder}/new
change assistants import {folder}
change assistants members {assistant_id}
change assistants model {assistant_id} fake:echo
change assistants parameters {assistant_id} {settings}
change assistants remove {assistant_id}
change assistants restore {assistant_id}
change assistants routing {assistant_id} {settings}
change cache clear
change conversations import {file}
change demo
change diagnose analysis
change diagnose answer
change diagnose connectivity
change diagnose full
change diagnose reasoning
change diagnose stress
change documents add {file} --assistant {assistant_id}
change documents embedder cancel
change documents embedder use embedded
change documents masks {document_id} cpf
change documents remove {document_id}
change documents reread {document_id}
change documents restore {document_id}
change documents validity {document_id} --from 2026-01-01
change memory use --lift
change metrics alerts ack {alert_id}
change metrics alerts check
change metrics alerts resolve {alert_id}
change metrics regroup
change metrics rename-topic {topic_id} Nome
change metrics rules add errors --bound 0.1
change metrics rules change {rule_id} --bound 0.2
change metrics rules remove {rule_id}
change models benchmark fake:echo
change models check
change models migrate embedded:quotes fake:echo
change models pull llama3.2
change models register fake:echo --price-in 1
change models undo
people assistants members {assistant_id} --only
people people disable Ana
people people enable Ana
people people first-admin
people people end Ana
people people invite Nova viewer
people people rename Ana Bia
people people reset Ana
people people roles Ana viewer
people people sign-ins Ana
operate audit export
operate audit list
operate backup list
operate backup now
operate backup restore
operate backup status
operate backup verify
operate privacy erase Ana --yes
operate privacy erasures
operate privacy export Ana
operate privacy plan Ana
operate secrets list
operate secrets remove openai
operate secrets rotate
operate secrets set openai
"""

VERBS = """
ask core.chat: again ask create edit_message record remove remove_message rename rephrase restore resume show_branch start stop
ask core.personal: agree consent withdraw
ask core.retrieval: diff explain original text
rate core.comparison: explain_vote of_chat vote_in_chat withdraw_vote
rate core.feedback: change_flags flag give rate_conversation say unflag withdraw withdraw_conversation
rate core.metrics.outcomes: report report_once withdraw
metrics core.comparison: gate human_scores judging passed progress ranking rankings_by_topic results run runs slices verdict
metrics core.metrics: against breakdown cited figure marks no_topics overview report rhythm series settings silent topics
metrics core.metrics.alerts.lifecycle: alert alerts
metrics core.metrics.alerts.rules: rule rules suggested try_rule try_stored
metrics core.metrics.engines: engines
read core.chat: traces
read core.comparison: changes comparison example follow judge_opinions lines of_answer of_traffic wait
read core.feedback: counts export listing summary
read core.metrics: behind unanswered unanswered_rows
read core.metrics.alerts.lifecycle: named
read core.retrieval: appearances
read core.retrieval.approved: approved listed
review core.annotation: agreement claim claim_next compared estimate figures guideline heartbeat item items judge_figures judge_record kept_drafts not_for_me opinion opinions postpone progress queue queues reconsider release rules_of save_draft similar skip submit undo
review core.comparison: ballot next_vote undo_vote vote vote_stream
lead core.annotation: add adjudicate ask_judge calibrate calibration_items change_queue change_rules create_queue disagreements export preview refill remove remove_queue restore_queue write_guideline
lead core.metrics.alerts.lifecycle: queue_for_review
lead core.retrieval.approved: restore retire
compare core.chat: try_out
compare core.comparison: ask_both begin_judge cancel check_gate estimate estimate_judge judge judge_one remove remove_run rename restore resume start stop stop_judge work
change core.access: members
change core.assistants: create export_folder export_zip import_folder import_zip load_sample remove remove_samples restore set_default update
change core.chat: clear_cache import_jsonl
change core.comparison: set_gate
change core.demo: load remove
change core.diagnosis: analysis answer benchmark check compare connectivity fetch follow full prove pull reasoning stress switch undo
change core.metrics: regroup rename_topic set_settings
change core.metrics.alerts.checking: check_now
change core.metrics.alerts.lifecycle: acknowledge resolve
change core.metrics.alerts.rules: change_rule create_rule remove_rule
change core.registry: challenge choose_model describe_model follow_again model point pull set_parameters use_memory version withdraw_challenger
change core.retrieval: add add_all cancel_embedder remove remove_many reread_many restore restore_many set_masks set_validity take use_embedder watch
people core.access: rename set_members set_members_only set_roles
people core.sign_in: disable enable invite reset standing
operate core.audit: count event events export whose
operate core.diagnosis: storage
operate core.personal: due erase erasures plan set_consent set_retention
operate core.secrets: forget names put rotate
"""


def lines(table: str) -> list[tuple[str, str]]:
    """(the deed, what takes it) of each line."""
    told = [line.partition(" ") for line in table.strip().splitlines()]
    return [(deed, what) for deed, _blank, what in told]


def deeds(table: str) -> dict[str, str]:
    """The deed of each."""
    return {what: deed for deed, what in lines(table)}


def verbs() -> dict[str, str]:
    """The deed of each guarded verb, by package and name."""
    return {
        f"{package}.{name}": deed
        for deed, told in lines(VERBS)
        for package, _colon, names in [told.partition(": ")]
        for name in names.split()
    }
