"""What pages share: the frame round them, the answer, the notices, the languages, our own elements."""
