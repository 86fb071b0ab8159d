"""The facts on which a co-signature is decided."""

from clinic.values.errors import Reason
from treatments.models import NeedlingSession
from treatments.rules import qualification as qualification_rules
from treatments.rules.session import draft_parts
from treatments.rules.signing import cosigning
from treatments.rules.signing.cosigning import CosigningFacts
from treatments.selectors import qualification


def facts_for(session: NeedlingSession, *, by, agrees: bool) -> CosigningFacts:
    """`session` comes from `with_note_rows`."""
    cosignature, cosigner = getattr(session, "cosignature", None), cosigning.cosigner_of(session)
    return CosigningFacts(
        state=session.state,
        by=by.pk,
        supervisor=cosigner.pk,
        supervisor_name=cosigner.name,
        cosigned_by=cosignature.signed_by.display_name if cosignature else "",
        in_error=getattr(session, "error_mark", None) is not None,
        agrees=agrees,
        missing=tuple(_missing(session, by)),
    )


def _missing(session: NeedlingSession, by) -> list[Reason]:
    on = draft_parts.day_of(session)
    facts = qualification.facts_for(by, profile=session.jurisdiction, on=on)
    return qualification_rules.missing_qualifications(facts.therapist, facts.needs, on=on)
