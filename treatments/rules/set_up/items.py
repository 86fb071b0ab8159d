"""What a practice needs before its first session: done or not, what it blocks, where it is done."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic import formats
from clinic.models import Practice
from clinic.rules import all_states
from treatments.rules.followups import calling_hours
from treatments.rules.set_up.facts import HOURS_SAVED, NEEDLES_SAVED, Place, SetUpFacts
from treatments.rules.set_up.item import Item

PRACTICE, PEOPLE = "admin:clinic_practice_change", "admin:clinic_user_changelist"


def items(facts: SetUpFacts) -> list[Item]:
    return [
        _practice(facts.practice),
        _places(facts.places),
        _state(facts.places),
        _hours(facts),
        _rooms(facts.places),
        _needles(facts),
        _people(facts),
        _licences(facts),
        _consent(facts),
        _limits(facts),
    ]


def is_own(practice: Practice) -> bool:
    """Whether somebody has been at the settings: the name that ships is nobody's."""
    return practice.name != Practice._meta.get_field("name").default


def _practice(practice: Practice) -> Item:
    lines = [
        practice.name if is_own(practice) else _("It has no name yet."),
        practice.phone or _("No phone number: printed notes and patients' pages show it."),
    ]
    return Item(
        "practice",
        _("Practice"),
        is_own(practice) and bool(practice.phone),
        tuple(lines),
        url=reverse(PRACTICE, args=[1]),
        way_out=_("Name and phone"),
    )


def _places(places: list[Place]) -> Item:
    if not places:
        message = _("A visit is booked at a place, and there is none.")
        url = reverse("admin:clinic_location_add")
        return Item("places", _("Places"), False, (message,), message, url, _("Add a place"))
    lines = tuple(_place_line(place) for place in places)
    lacking = [place for place in places if _place_lacks(place)]
    shown = (lacking or places)[0].location
    return Item(
        "places",
        _("Places"),
        not lacking,
        lines,
        url=reverse("admin:clinic_location_change", args=[shown.pk]),
        way_out=_("Address, phone, state and time zone"),
    )


def _place_lacks(place: Place) -> list[str]:
    row = place.location
    parts = ((row.address, _("address")), (row.phone, _("phone")), (row.state, _("state")))
    return [name for value, name in parts if not value.strip()]


def _place_line(place: Place) -> str:
    named = {"place": place.location.name, "zone": place.location.time_zone}
    if lacks := _place_lacks(place):
        return _("%(place)s, time zone %(zone)s. Missing: %(lacks)s.") % {**named, "lacks": ", ".join(lacks)}
    return _("%(place)s, time zone %(zone)s.") % named


def _state(places: list[Place]) -> Item:
    """Where a state bars needling, the words are those that refuse the session."""
    barred = [str(reason.message) for place in places for reason in place.barred]
    general = [place.location.name for place in places if not place.rules.state]
    blocks = barred[0] if barred and all(place.barred for place in places) else ""
    lines = tuple(dict.fromkeys([*barred, *_lines_of_state(places, general)]))
    is_done = not (barred or general)
    if barred:
        read = _("Read the rules of the states")
        return Item("state", _("State rules"), is_done, lines, blocks, reverse("state-rules"), read)
    choose = _("Choose the rules of your state")
    return Item("state", _("State rules"), is_done, lines, "", reverse(PRACTICE, args=[1]), choose)


def _lines_of_state(places: list[Place], general: list[str]) -> list[str]:
    lines = [
        _("%(place)s: %(rules)s.") % {"place": each.location.name, "rules": each.rules.name}
        for each in places
    ]
    if general:
        lines.append(_("No state's rules are chosen for: %(places)s.") % {"places": ", ".join(general)})
    return lines + [line for place in places if (line := all_states.ask_counsel(place.rules))]


def _hours(facts: SetUpFacts) -> Item:
    practice = facts.practice
    opens, closes = (formats.clock(time) for time in calling_hours.open_hours(practice.followup_open_hours))
    lines = (
        _("Patients are called back from %(opens)s to %(closes)s.") % {"opens": opens, "closes": closes},
        _("A visit takes %(minutes)s minutes.") % {"minutes": practice.visit_minutes},
        _closed_days(len(list(filter(None, practice.closed_days.split(","))))),
        _("Business days leave out weekends and federal holidays."),
    )
    is_done = HOURS_SAVED in facts.done_at or _differs(
        practice, "followup_open_hours", "visit_minutes", "closed_days"
    )
    return _setting("hours", _("Hours and holidays"), is_done, lines, _("Hours"))


def _closed_days(count: int) -> str:
    if not count:
        return _("No day is set on which you are closed.")
    return ngettext(
        "%(count)s day is set on which you are closed.",
        "%(count)s days are set on which you are closed.",
        count,
    ) % {"count": count}


def _needles(facts: SetUpFacts) -> Item:
    stock = ", ".join(facts.practice.needle_stock.split(","))
    lines = (_("In stock: %(stock)s.") % {"stock": stock},)
    is_done = NEEDLES_SAVED in facts.done_at or _differs(facts.practice, "needle_stock", "ask_lot_numbers")
    return _setting("needles", _("Needles in stock"), is_done, lines, _("Needles"))


def _differs(practice: Practice, *names: str) -> bool:
    """Whether somebody has set one of them to something else than what ships."""
    shipped = Practice()
    return any(getattr(practice, name) != getattr(shipped, name) for name in names)


def _setting(code: str, name: str, is_done: bool, lines: tuple[str, ...], way_out: str) -> Item:
    """A setting that ships with a value is theirs once somebody looked at it and saved it."""
    as_shipped = (
        () if is_done else (_("This is the default. Check that it fits your practice, and save it."),)
    )
    url = f"{reverse(f'set-up-{code}')}?back={reverse('treatments:set-up')}"
    return Item(code, name, is_done, (*lines, *as_shipped), url=url, way_out=way_out)


def _rooms(places: list[Place]) -> Item:
    without = [place.location for place in places if not place.rooms]
    lines = [
        _("%(place)s: %(rooms)s.") % {"place": place.location.name, "rooms": ", ".join(place.rooms)}
        for place in places
        if place.rooms
    ]
    lines += [_("%(place)s has no room.") % {"place": place.name} for place in without]
    shown = [*without, *(place.location for place in places)]
    url = reverse("admin:clinic_location_change", args=[shown[0].pk]) if shown else ""
    return Item("rooms", _("Rooms"), bool(places) and not without, tuple(lines), url=url, way_out=_("Rooms"))


def _people(facts: SetUpFacts) -> Item:
    """A session is opened by a therapist: without one there is nobody to open it."""
    nobody = _("Nobody has the role Therapist, so that nobody can open a session.")
    lines = [", ".join(each.person.name for each in facts.therapists)] if facts.therapists else [nobody]
    if not facts.therapists:
        lines.append(
            _(
                "Do you treat too? Nobody gives themself a role or enters their own license: add a second "
                "account for it, with the role Therapist and your license, and sign in with that to treat."
            )
        )
    if not facts.has_lead:
        lines.append(_("Nobody has the role Clinical lead, who reviews, closes and approves."))
    return Item(
        "people",
        _("People with roles"),
        bool(facts.therapists) and facts.has_lead,
        tuple(lines),
        "" if facts.therapists else nobody,
        reverse("admin:clinic_user_add") if not facts.therapists else reverse(PEOPLE),
        _("Add a person") if not facts.therapists else _("People"),
    )


def _licences(facts: SetUpFacts) -> Item:
    """By the rule that refuses to open a session; each therapist is held to the rules of their place."""
    lacking = [each for each in facts.therapists if each.missing]
    lines = [str(reason.message) for each in lacking for reason in each.missing]
    if not facts.therapists:
        lines = [_("They stand with each therapist.")]
    elif not lacking:
        lines = [_("Every therapist has what the rules ask for.")]
    is_whole = bool(facts.therapists) and len(lacking) == len(facts.therapists)
    url = reverse("admin:clinic_user_change", args=[lacking[0].person.pk]) if lacking else reverse(PEOPLE)
    return Item(
        "licences",
        _("Licenses and courses"),
        bool(facts.therapists) and not lacking,
        tuple(lines),
        lines[0] if is_whole else "",
        url,
        _("Licenses and courses"),
    )


def _consent(facts: SetUpFacts) -> Item:
    text = facts.consent_text
    if text is None:
        line = _("There is no text that patients could sign here; until then consent is taken on paper.")
    elif text.published_by_id is None:
        line = _("Patients sign the text that ships. Have your counsel read it, or publish your own.")
    else:
        line = _("Patients sign a text that the practice published.")
    is_done = text is not None and text.published_by_id is not None
    url = reverse("admin:patients_consenttext_changelist")
    return Item("consent", _("Consent text"), is_done, (line,), url=url, way_out=_("Consent texts"))


def _limits(facts: SetUpFacts) -> Item:
    left = facts.limits_missing
    line = ngettext(
        "%(left)s muscle over the lung has no depth limit that the practice approved. Sessions open: the "
        "published depth stands there, and from it on a reason is asked for.",
        "%(left)s muscles over the lung have no depth limit that the practice approved. Sessions open: the "
        "published depth stands there, and from it on a reason is asked for.",
        left,
    ) % {"left": left}
    if not left:
        line = _("Every muscle over the lung has a limit that the practice approved.")
    url = reverse("admin:treatments_muscle_changelist")
    return Item("limits", _("Depth limits"), not left, (line,), url=url, way_out=_("Muscles and depths"))
