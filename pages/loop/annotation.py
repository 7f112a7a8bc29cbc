"""Review: a queue's items one by one on the desk, how far its reviewers agree, and for those who lead
it its items, rules and settings.

``?queue=`` says which queue, ``&view=`` which part of the page; ``?item=`` which item first, in
whichever queue that is.
"""

import streamlit as st

from core.i18n import _
from pages.ui import agreement, queue_rules, review, review_items, review_queues, review_settings

with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
    st.title(_("Review"), anchor=False, width="content")
    queue = review_queues.choose()
    view = review_queues.view(queue) if queue else ""

if queue is None:
    review_queues.nobody()
elif view == "settings":
    review_settings.show(queue)
elif view == "agreement":
    agreement.show(queue)
elif view == "rules":
    queue_rules.show(queue.id)
elif view == "items":
    review_items.show(queue)
else:
    review.show(queue.id)
