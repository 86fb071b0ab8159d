"""Forms of one name: other scripts in Latin letters, short forms, and what stands behind a name."""

from functools import lru_cache

# own choice: short forms and spellings of one name, a name a row, written down here from common use.
# No such list is complete, and a form such as Ted belongs to two names: it stands in the row of one.
# source: https://grcdi.nl/pidm/nicknames.html (what short forms are, and what such lists cannot do)
SAME_NAME_FORMS = """
abigail abby
abraham abe
alexander alex alec sasha aleksandr oleksandr
alexandra alexa lexi aleksandra
alfred alf alfie
andrew andy drew andrei andrey andriy
anthony tony
barbara barb
benjamin ben benji benny
bernard bernie
bradley brad
calvin cal
cameron cam
catherine katherine kathryn cathy kathy kate katie kat ekaterina yekaterina
charles charlie chuck
christina christine chris tina chrissy
christopher kris topher
cynthia cindy
daniel dan danny daniil
david dave davey
deborah debra deb debbie
dennis denis denny
donald don donnie
dorothy dot dottie
douglas doug
edward ed eddie ted teddy ned
elizabeth liz beth betty lizzie eliza elisabeth
eleanor ellie nell nora
eugene gene evgeny yevgeny
evelyn evie
florence flo
francis frank frankie
frances fran francie
frederick fred freddie
gabriel gabe
george georgie georgy heorhiy
gerald gerry jerry
gregory greg gregg grigory
harold hal harry
helen nelly elena yelena olena
henry hank
irene irina
isabella isabel bella izzy
jacob jake
jacqueline jackie
james jim jimmy jamie
jeffrey jeff geoffrey geoff
jennifer jen jenny
jessica jess jessie
john johnny jack jon
jonathan jonny nathan
joseph joe joey jose
joshua josh
judith judy
julia yulia julie
kenneth ken kenny
kimberly kim
lawrence larry laurence
leonard leo len lenny
louis lou louie
margaret maggie meg peggy marge
matthew matt matty
maxwell max maxim maksim
melissa mel missy
michael mike mick mickey mikhail mykhailo
mohamed muhammad mohammed mohammad mohamad muhammed mohamud mohd muhd
natalie natalia nataliya natasha
nathaniel nate
nicholas nick nicky nicolas nikolai mykola
nicole nikki
olivia liv livvy
pamela pam
patricia pat patty tricia trish
patrick paddy
peter pete pyotr petro
philip phillip phil
rachel rachael
raymond ray
rebecca becca becky
richard rick rich ricky dick
robert bob bobby rob robbie bert
ronald ron ronnie
russell russ
samuel sam sammy
samantha sammie
sandra sandy
sarah sara sally
sergey sergei serhiy
stephanie steph
stephen steven steve stevie
susan sue susie suzanne
svetlana svitlana
tatiana tatyana tetiana
theodore theo
theresa teresa terry tess
thomas tom tommy
timothy tim timmy
valerie val
victoria vicky vicki viktoria
vincent vince vinny
vladimir volodymyr vova
walter walt
william will bill billy willy liam
yusuf yousef youssef
zachary zach zack
"""
NAME_OF_FORM = {form: line.split()[0] for line in SAME_NAME_FORMS.split("\n") for form in line.split()}
# Behind a name: who of a family it is.
SUFFIXES = {"jr": "2", "junior": "2", "sr": "1", "senior": "1", "ii": "2", "iii": "3", "iv": "4"}
# source: ICAO Doc 9303-3, section 6 B, for Cyrillic letters; own choice: Greek ones by their sound
LATIN = str.maketrans(
    {
        **dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufye", strict=True)),
        "й": "i",
        "ё": "e",
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "iu",
        "я": "ia",
        "ъ": "",
        "ь": "",
        "і": "i",
        "ї": "i",
        "є": "ie",
        "ґ": "g",
        "ў": "u",
        "ј": "j",
        **dict(zip("αβγδεζικλμνξοπρστυφωςη", "avgdeziklmnxoprstyfosi", strict=True)),
        "θ": "th",
        "χ": "ch",
        "ψ": "ps",
    }
)
# The same sound in other spellings of one transliterated name, longest first.
SPELLINGS = (
    ("shch", "sch"),
    ("iya", "ia"),
    ("ya", "ia"),
    ("yu", "iu"),
    ("ye", "e"),
    ("kh", "h"),
    ("iia", "ia"),
)


@lru_cache(maxsize=16384)
def latin(word: str) -> str:
    """A folded word in Latin letters; a script that is not known stays."""
    return word.translate(LATIN)


@lru_cache(maxsize=16384)
def plain(word: str) -> str:
    """A folded word in one of its spellings, to be compared and never shown."""
    written = latin(word)
    for spelling, usual in SPELLINGS:
        written = written.replace(spelling, usual)
    return written.replace("y", "i")


@lru_cache(maxsize=16384)
def name_of(word: str) -> str:
    """The name of which a word is a short form or a spelling, or the word in Latin letters."""
    written = latin(word)
    return NAME_OF_FORM.get(written) or NAMES_IN_PLAIN.get(plain(word), written)


def forms_of(word: str) -> frozenset[str]:
    """All that one name is called, the word itself among them."""
    return frozenset(FORMS_OF_NAME.get(name_of(word), ())) | {word}


def without_suffix(words: list[str]) -> tuple[tuple[str, ...], str]:
    """The words of a name without Jr, Sr or a number, and which of the family that says it is."""
    found = [SUFFIXES[word] for word in words[1:] if word in SUFFIXES]
    return tuple(words[:1] + [word for word in words[1:] if word not in SUFFIXES]), "".join(found[:1])


NAMES_IN_PLAIN = {plain(form): name for form, name in NAME_OF_FORM.items()}
FORMS_OF_NAME = {
    name: [form for form, of in NAME_OF_FORM.items() if of == name] for name in NAME_OF_FORM.values()
}
