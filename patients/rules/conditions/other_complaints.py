"""Common complaints that the list of conditions has not, nearly spelled as one that it has. No queries.

“Gout” is no slip of “out”, nor “hernia” the beginning of “herniated disc”. In what was typed they weigh so
much that a name with the other words alone is no answer: “ankle fracture” is no ankle strain.
A word that the list gets stops being one of these.
"""

# own choice: what patients and referrals name besides muscles and joints, where a condition was found for it;
# in the singular, as typed words are
_WORDS = (
    "broken bunion depression dislocated dislocation dizziness dizzy erectile fracture fractured gout gouty "
    "hallux hernia hypertension kidney restless scoliosis stenosis stone"
)
WORDS = frozenset(_WORDS.split())
# own choice: more than two words that tell most
WEIGHT = 8.0
