"""A draft's sites as they come along with it: what the foot of the page counts, and no question more."""

from clinic.models.rows import instant
from treatments.models import Muscle, NeedleSite

INSTANTS = ("struck_at", "needle_in_at", "needle_out_at")
AS_IS = ("key", "number", "needles", "side", "sub_site", "unlisted_name")
OF_MUSCLE = {"muscle_name": "name", "muscle_billing_key": "billing_key", "muscle_heads": "heads"}
# {name in the row: column of a site}
COLUMNS = {
    **{name: name for name in (*AS_IS, *INSTANTS)},
    **{name: f"muscle__{column}" for name, column in OF_MUSCLE.items()},
}


def of(session) -> list[NeedleSite]:
    return [_site(row) for row in session.part_sites]


def _site(row: dict) -> NeedleSite:
    muscle = {column: row[name] for name, column in OF_MUSCLE.items()}
    return NeedleSite(
        muscle=Muscle(**muscle) if row["muscle_name"] else None,
        **{name: row[name] for name in AS_IS},
        **{name: instant(row[name]) for name in INSTANTS},
    )
