"""What agreement and disagreement are worth: fixed weights, in tenths of a bit.

Fellegi and Sunter (1969) compare two records field by field. Each outcome is worth log2(m / u), where m is how often it
occurs between two records of one person and u how often between two people; the worths add up, and with the prior they
give the probability of a match. Here m and u are fixed figures for customer bases of Europe (u of a birth date is one
in 365 x 60, of a first name about one in 100, of a last name about one in 500), the same for every data set: nothing is
learned at run time, so a link never depends on who else is in the table. A missing value is worth nothing either way.

The weights are lower than the theory's where fields go together (a household shares last name, address and phone).
"""

from collections.abc import Mapping
from types import MappingProxyType

# tenths of a bit: sums of integers do not depend on their order
PRIOR = -155

PERSON: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        # nothing makes up for another first name: the members of a household share all the rest
        "first": {
            "exact": 65,
            "variant": 55,
            "close": 55,
            "initial": 10,
            "part": 10,
            "swapped": 60,
            "different": -1000,
        },
        "last": {"exact": 95, "common": 80, "close": 70, "alike": 50, "part": 50, "swapped": 80, "different": -60},
        "birth": {"exact": 140, "swapped": 80, "near": 50, "part": 40, "year": 25, "different": -140},
        # an address alone is enough where nothing speaks against it
        "email": {"exact": 190, "close": 70, "different": -15},
        "phone": {"exact": 90, "close": 20, "different": -15},
        "address": {"exact": 90, "close": 50, "different": -20},
        "place": {"exact": 20, "different": -10},
        # the same gender follows from the same first name
        "gender": {"different": -40},
    }
)

COMPANY: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "company": {"exact": 110, "close": 80, "different": -120},
        # a company has several contacts, another one is no evidence; and often it bears its owner's name
        "first": {"exact": 20, "variant": 20, "close": 20, "swapped": 20},
        "last": {"exact": 20, "common": 20, "close": 20, "alike": 10, "swapped": 20},
        "email": {"exact": 190, "close": 70, "different": -15},
        "phone": {"exact": 90, "close": 20, "different": -15},
        "address": {"exact": 90, "close": 50, "different": -20},
        "place": {"exact": 20, "different": -10},
    }
)


def weight_sql(weights: Mapping[str, Mapping[str, int]]) -> str:
    """Give the SQL for the sum of the weights, over columns that hold the outcome of each field."""
    fields = []
    for field, outcomes in weights.items():
        cases = " ".join(f"when '{outcome}' then {weight}" for outcome, weight in outcomes.items())
        fields.append(f"case {field} {cases} else 0 end")
    return "(" + "\n + ".join(fields) + ")"


def score_sql(weight: str) -> str:
    """Give the SQL for the probability of a match, from tenths of a bit."""
    return f"(1 / (1 + pow(2::double, -({weight} + {PRIOR}) / 10.0)))"
