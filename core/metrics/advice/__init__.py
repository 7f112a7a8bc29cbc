"""Should we fine-tune? What pays most now, in words, from what was measured; and what it would cost.

``evidence`` is what is known, ``conditions`` ask it one question each, ``advising`` ranks what could be
done, ``payback`` is the calculation of which every input can be changed.
"""
