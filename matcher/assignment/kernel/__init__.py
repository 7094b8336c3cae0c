"""Our own solver: compiled loops over plain arrays, for lefts with one place each.

``plan`` answers the engine, with the same prices as the flow; ``direct`` answers the door for programs. Both go by ``choice``,
which picks full tables (``dense``) or lists (``sides``), region by region (``parts``). ``proof`` and ``ties`` are the door's
own, without a network of all pairs: they prove and settle what ``assignment.prices`` and ``assignment.ties`` do elsewhere.
"""
