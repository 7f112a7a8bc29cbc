"""What a run or a comparison found, to hand on: one self-contained HTML file, or Markdown for a model card.

In: an id. Out: text in the reader's language. Always holds: every text of a document, a person or a
model is escaped; nothing in it asks any server; questions and answers stand in it only where whoever
asks may read them; sample data is called so.
"""
