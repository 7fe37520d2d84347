"""What comes next: the most probable targets of an act, ranked from what went before.

`history` keeps what is known before a day, `rules` learns which acts follow which, `features` describes the candidates
of a query, `ranker` learns to order them, `baselines` order them without learning, `evaluation` scores an order.
"""
