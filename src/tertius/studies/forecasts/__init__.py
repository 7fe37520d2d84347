"""What comes next: the most probable targets of an act, ranked from what went before.

`history` keeps what is known before a day, `rules` learns which acts follow which, `features` retrieves candidates and
describes them by `columns`, `network` adds embeddings, `ranker` learns to order them, `baselines` order them without
learning, `evaluation` scores an order.
"""
