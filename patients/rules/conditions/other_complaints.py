"""Common complaints that the list of conditions has not, some nearly spelled as one that it has. No queries.

“Gout” is no slip of “out”, nor “hernia” the beginning of “herniated disc”. Of what was typed they tell so much
that a name with the other words alone (“ankle fracture”) is no answer. A word that the list gets stops being here.
"""

# own choice: what patients and referrals name besides muscles and joints, where a condition was found for it;
# in the singular, as typed words are
_WORDS = (
    "broken bunion depression dislocated dislocation dizziness dizzy erectile fracture fractured gout gouty hallux "
    "hernia hypertension kidney restless scoliosis stenosis stone"
)
WORDS = (
    "anxiety appendicitis asthma bunion cancer cholesterol concussion constipation cyst depression diabete "
    "dislocation dislocated dizziness dizzy endometriosis erectile fibroid fracture fractured broken gallstone "
    "gout gouty hallux hernia hypertension infection insomnia kidney lupus lymphedema neuropathy osteoporosis "
    "pneumonia pregnancy pregnant rheumatoid restless scoliosis seizure shingle spondylolisthesis stenosis stone "
    "stroke tumor ulcer vertigo"
)
WORDS = frozenset(_WORDS.split())
# own choice: more than two words that tell most
WEIGHT = 8.0
