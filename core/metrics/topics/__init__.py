"""Topics: what people ask about, grouped by likeness without a model.

The words of a question (``words``) are weighed and grouped (``groups``), groups are matched with the
topics there are (``matching``) and called by their most telling words (``labels``); ``keeping`` does so
in the background, ``figures`` tells of a view's topics.
"""
