"""How fast the product is, and beside what: each plain module here is one benchmark; ``python3 dev.py bench`` runs them all."""
