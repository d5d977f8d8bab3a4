"""A plain attacker: takes published tables as equations and works out what hidden counts can be."""

from itertools import product
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog


class Attacker:
    """Knows every published number, and that a hidden count is no nought where noughts are shown.

    The unknowns are how many respondents there are of each kind: one value of every variable each.
    """

    def __init__(self, variables):
        self.names = list(variables)
        self.kinds = list(product(*variables.values()))
        self.equal, self.right, self.hidden = [], [], []

    def who(self, **wanted):
        """Give 1 for every kind of respondent that fits: a value, or a function of it."""
        place = {name: at for at, name in enumerate(self.names)}
        return np.array(
            [
                all(
                    want(kind[place[name]]) if callable(want) else kind[place[name]] == want
                    for name, want in wanted.items()
                )
                for kind in self.kinds
            ],
            dtype=float,
        )

    def reads(self, shown, who, *, nought=False):
        """Take in one published number of those who fit; of ``[c]`` whether it is a nought."""
        if shown == "[c]":
            self.hidden.append((who, not nought))
        else:
            self.equal.append(who)
            self.right.append(shown)

    def finds(self, who):
        """Give the least and most that a number can be."""
        at_least = [-line for line, no_nought in self.hidden if no_nought]
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * who,
                A_eq=np.array(self.equal) if self.equal else None,
                b_eq=np.array(self.right) if self.equal else None,
                A_ub=np.array(at_least) if at_least else None,
                b_ub=-np.ones(len(at_least)) if at_least else None,
                bounds=(0, 1000),
            )
            assert found.status in (0, 3), found.message
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return ceil(ends[0] - 1e-6), ends[1] if np.isinf(ends[1]) else floor(ends[1] + 1e-6)
