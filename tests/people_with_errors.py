"""Fictional people as a front desk registers them: households, twins, namesakes, and the same person twice.

A second registration has what happens at desks: slips of the keys, names in each other's box, short forms,
fields left out, a move, a marriage, or the name from before it. Everything follows from the seed.
"""

import datetime as dt
import itertools
import random
from dataclasses import dataclass, replace

from patients.rules.identity.keys import Identity
from patients.rules.identity.likeness import ComparedPatient
from patients.rules.identity.names import FORMS_OF_NAME

WOMEN = """
mary patricia jennifer elizabeth barbara susan jessica sarah margaret karen nancy lisa betty sandra
ashley kimberly donna emily michelle carol amanda melissa deborah stephanie rebecca laura sharon cynthia
kathleen amy angela shirley anna ruth brenda pamela nicole katherine samantha christine emma catherine
debra virginia rachel maria janet heather diane olivia julie joyce victoria ruby lauren kelly joan
evelyn judith andrea hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn
abigail sophia frances jean alice judy isabella julia grace
"""
MEN = """
james michael robert john david william richard joseph thomas christopher charles daniel matthew anthony
mark donald steven andrew paul joshua kenneth kevin brian timothy ronald george jason edward jeffrey
ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory
alexander patrick frank raymond jack dennis jerry tyler aaron jose adam nathan henry zachary douglas
peter kyle noah ethan jeremy walter christian keith roger terry austin sean gerald carl harold dylan
arthur lawrence jordan jesse bryan billy bruce gabriel joe logan alan juan
"""
FIRST = """
quill bram thistle wend marl oster fen grim hollow pell tarn usk vex yarrow crisp dapple ember frost
gable hazel ivor jasper kestrel larch moss nettle orrin pike rowan sable tansy umber vale wick zephyr
alder birch cobble drift elder fable gorse heath inglen juniper knoll linden maple nimble ochre plume
quarrel russet sorrel timber ulver vesper willow xanth yew zinn acorn bracken clover dun ebb finch glen
haw ibex jute kelp lupin mead nut oat pine rush sedge teal
"""
LAST = """
brook ford wood field ham ton wick dale ley worth bury stead croft mere combe gate hurst thwaite shaw
holt well bridge cliff moor bank beck garth more sworthy den fell acre
"""
STREETS = ("Example", "Invention", "Fable", "Placeholder", "Sample", "Mock", "Pretend", "Model", "Pattern")
SURNAMES = [first + last for last, first in itertools.product(LAST.split(), FIRST.split())]
BEGINNINGS = FIRST.split()
YOUNGEST, OLDEST = dt.date(2020, 1, 1), dt.date(1932, 1, 1)
SLIPS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Registered:
    """One registration: whose it is, and of which household they are."""

    person: int
    household: int
    identity: Identity


def registrations(size: int, *, seed: int, twice: float = 0.05) -> list[Registered]:
    """At least `size` people, some of them registered twice."""
    chance = random.Random(seed)
    once: list[Registered] = []
    for household in itertools.count():
        if len(once) >= size:
            break
        once += _members(chance, household, len(once))
    once = [_namesake(chance, row, once) if chance.random() < 0.01 else row for row in once]
    again = [replace(row, identity=second(chance, row.identity)) for row in once if chance.random() < twice]
    rows = once + again
    chance.shuffle(rows)
    return rows


def columns(rows: list[Registered]) -> list[ComparedPatient]:
    """As the database gives them."""
    found = []
    for place, row in enumerate(rows):
        known = {name: getattr(row.identity, name) for name in ComparedPatient._fields[2:]}
        found.append(ComparedPatient(place, f"P{place:06d}", **known))
    return found


def second(chance: random.Random, first: Identity) -> Identity:
    """The same person, registered by somebody else on another day."""

    def happens(share: float) -> bool:
        return chance.random() < share

    changed = replace(first, former=frozenset())
    if happens(0.3):
        changed = replace(changed, address=_address(chance), postal_code=_postal_code(chance))
    if happens(0.25):
        changed = replace(changed, phone_key=_phone(chance))
    if first.sex == "female" and happens(0.08):
        former = "".join(first.former).title()
        changed = replace(changed, family_name=former or _surname(chance))
    if happens(0.1):
        changed = replace(changed, given_name=_short_form(chance, changed.given_name))
    for name, share in (("family_name", 0.08), ("given_name", 0.08)):
        if happens(share):
            changed = replace(changed, **{name: slip(chance, getattr(changed, name))})
    if happens(0.08):
        changed = replace(changed, born=slipped_date(chance, changed.born))
    if happens(0.01):
        changed = replace(changed, family_name=changed.given_name, given_name=changed.family_name)
    left_out = (("phone_key", 0.15), ("email", 0.4), ("address", 0.4), ("sex", 0.2))
    return replace(changed, **{name: "" for name, share in left_out if happens(share)})


def slip(chance: random.Random, name: str) -> str:
    """A letter left out, doubled, changed, or two swapped."""
    place = chance.randrange(1, max(len(name) - 1, 2))
    kind = chance.randrange(4)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[:place] + name[place - 1] + name[place:]
    if kind == 2:
        return name[:place] + chance.choice(SLIPS) + name[place + 1 :]
    return name[: place - 1] + name[place : place + 1] + name[place - 1] + name[place + 1 :]


def slipped_date(chance: random.Random, born: dt.date) -> dt.date:
    """Day and month swapped, or one key off."""
    while True:
        day, month, year = born.day, born.month, born.year
        kind = chance.randrange(4)
        if kind == 0:
            day, month = month, day
        elif kind == 1:
            day = day // 10 * 10 + chance.randrange(10)
        elif kind == 2:
            month = chance.randrange(1, 13) if month < 10 else 10 + chance.randrange(3)
        else:
            year = year // 10 * 10 + chance.randrange(10)
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if found != born or kind == 0 and day == month:
            return found


def _members(chance: random.Random, household: int, number: int) -> list[Registered]:
    people = _family(chance) if chance.random() < 0.4 else [_adult(chance, chance.choice(("female", "male")))]
    return [
        Registered(number + place, household, _left_blank(chance, who)) for place, who in enumerate(people)
    ]


def _family(chance: random.Random) -> list[Identity]:
    """A couple, mostly of one name and often on one phone, with children: twins and juniors among them."""
    she, he = _adult(chance, "female"), _adult(chance, "male")
    home = {"address": he.address, "postal_code": he.postal_code}
    she = replace(she, **home, born=he.born + dt.timedelta(days=chance.randrange(-2000, 2000)))
    maiden_name, is_known = she.family_name, chance.random() < 0.3
    if chance.random() < 0.8:
        she = replace(she, family_name=he.family_name, former=_words(maiden_name, is_known))
    else:
        # she went back to a name of her own, and the children kept his
        she = replace(she, former=_words(he.family_name, is_known))
    if chance.random() < 0.3:
        she = replace(she, phone_key=he.phone_key, email=chance.choice((she.email, he.email)))
    born = he.born + dt.timedelta(days=chance.randrange(7500, 13000))
    children: list[Identity] = []
    for _ in range(chance.randrange(3)):
        for _ in range(2 if chance.random() < 0.08 else 1):
            children.append(_child(chance, (she, he), born, {child.given_name for child in children}))
        born += dt.timedelta(days=chance.randrange(500, 2000))
    return [she, he, *children]


def _child(
    chance: random.Random, parents: tuple[Identity, Identity], born: dt.date, siblings: set[str]
) -> Identity:
    she, he = parents
    sex = chance.choice(("female", "male"))
    given, family = _given(chance, sex), he.family_name
    while given in siblings:
        given = _given(chance, sex)
    if sex == "male" and he.given_name not in siblings and chance.random() < 0.06:
        given, family = he.given_name, family + chance.choice(("", " Jr"))
    phone = chance.choice((she.phone_key, he.phone_key, _phone(chance)))
    return replace(
        he, given_name=given, family_name=family, born=born, sex=sex, phone_key=phone, email=she.email
    )


def _adult(chance: random.Random, sex: str) -> Identity:
    given, family = _given(chance, sex), _surname(chance)
    born = OLDEST + dt.timedelta(days=chance.randrange((YOUNGEST - OLDEST).days - 7000))
    email = f"{given}.{family}{chance.randrange(99)}@example.org"
    home = {"address": _address(chance), "postal_code": _postal_code(chance)}
    return Identity(family, given, born, _phone(chance), email=email, sex=sex, **home)


def _left_blank(chance: random.Random, who: Identity) -> Identity:
    left_out = (("phone_key", 0.06), ("email", 0.35), ("address", 0.2), ("sex", 0.1))
    return replace(who, **{name: "" for name, share in left_out if chance.random() < share})


def _namesake(chance: random.Random, row: Registered, others: list[Registered]) -> Registered:
    other = chance.choice(others).identity
    names = {"family_name": other.family_name, "given_name": other.given_name, "sex": other.sex}
    return replace(row, identity=replace(row.identity, **names))


def _surname(chance: random.Random) -> str:
    """The commonest is borne by one in about 110, as in the United States."""
    return chance.choices(SURNAMES, cum_weights=SURNAME_WEIGHTS)[0].title()


def _given(chance: random.Random, sex: str) -> str:
    names = (WOMEN if sex == "female" else MEN).split()
    name = chance.choices(names, cum_weights=GIVEN_WEIGHTS[: len(names)])[0]
    # a third bear rarer names
    return (name if chance.random() < 0.65 else _rare(chance, sex)).title()


def _rare(chance: random.Random, sex: str) -> str:
    ending = "a" if sex == "female" else "o"
    return (
        chance.choice(BEGINNINGS)[:4]
        + chance.choice(("l", "r", "m", "v", "d"))
        + chance.choice(("i", "e"))
        + ending
    )


def _short_form(chance: random.Random, name: str) -> str:
    forms = FORMS_OF_NAME.get(name.lower(), [])
    return chance.choice(forms).title() if forms else name


def _words(former_name: str, is_known: bool) -> frozenset[str]:
    return frozenset({former_name.lower()} if is_known else ())


def _phone(chance: random.Random) -> str:
    return f"+1555{chance.randrange(10**7):07d}"


def _address(chance: random.Random) -> str:
    return (
        f"{chance.randrange(1, 9999)} {chance.choice(STREETS)} {chance.choice(('Street', 'Road', 'Avenue'))}"
    )


def _postal_code(chance: random.Random) -> str:
    return f"6{chance.randrange(300):04d}"


SURNAME_WEIGHTS = list(itertools.accumulate(1 / (rank + 14) for rank in range(len(SURNAMES))))
GIVEN_WEIGHTS = list(itertools.accumulate(1 / (rank + 6) for rank in range(100)))
