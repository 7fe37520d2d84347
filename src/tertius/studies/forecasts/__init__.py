"""What comes next.

Whether a source acts on a target within some days: `panel` keeps what is known of all pairs on a day, `dyads`
describes a pair with it, `chances` and `training` learn, `drivers` says why, `outlook` is the face; `scenarios`
supposes acts, `due` scores what was issued, `backtest` what would have been, `scoring` holds the scores.

Whom a source acts on next: `history` keeps what is known before a day, `rules` learns which acts follow which,
`features` retrieves candidates and describes them by `columns`, `network` adds embeddings, `ranker` learns to order
them, `baselines` order them without learning, `evaluation` scores an order, `following` is the face.
"""
