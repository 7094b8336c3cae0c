"""The engine: records, candidate pairs, scores, solvers, explanations. It knows no rule, no clock and no screen."""
