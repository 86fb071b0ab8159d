"""Sources that prove little: each host with what it is. A catalogue that names one says so beside it."""

import re

HOSTS = {
    "123doc.top": "document mirror",
    "agupunt.com": "page of a seller",
    "aneskey.com": "copy of a book",
    "aoptseminars.org": "page of a course provider",
    "brainscape.com": "flashcards",
    "courtgpt.ai": "copy of a law",
    "docksci.com": "document mirror",
    "docslib.org": "document mirror",
    "doctorabel.us": "page of a clinic",
    "documents.pub": "document mirror",
    "doczz.fr": "document mirror",
    "drbarberclinic.com": "page of a clinic",
    "examzify.com": "exam questions",
    "fdocuments.us": "document mirror",
    "form.jotform.com": "form of a clinic",
    "healthdocbox.com": "document mirror",
    "ictmjc.com": "page of a clinic",
    "integrativedn.com": "copy of an abstract",
    "legalclarity.org": "page that explains a law",
    "litmetric.com": "copy of an abstract",
    "metajournal.com": "copy of an abstract",
    "my.onlinechiro.com": "form of a clinic",
    "musculoskeletalkey.com": "copy of a book",
    "napervillemanualphysicaltherapy.com": "page of a clinic",
    "obgynkey.com": "copy of a book",
    "papercapture.com.br": "document mirror",
    "paperexplained.cn": "copy of an abstract",
    "pdfcoffee.com": "document mirror",
    "physiohunt.com": "page of a blog",
    "physilife.in": "page of a blog",
    "physioman.in": "page of a blog",
    "physiosouth.co.nz": "form of a clinic",
    "physiospot.com": "page about a trial",
    "plexusmd.com": "page about a case",
    "rivervalleypt.com": "page of a clinic",
    "sandycovephysio.com": "form of a clinic",
    "scribd.com": "document mirror",
    "slideplayer.com": "slides",
    "structureandfunction.net": "page of a course provider",
    "vdocuments.site": "document mirror",
    "xcelitebulletmagnetic.pages.dev": "document mirror",
}
# Hosts that were looked at and are none of these. Who only quotes a state's law or lists states is a summary,
# as the column `source_kind` of the state rules says.
COURT, STATE, LAW = "court or attorney general", "state or its board", "text of the law"
ASSOCIATION, PAPER, REGISTER = "association", "papers", "register of trials"
SUMMARY, NEWS, BILLS = "summary of rules", "news", "bills"
STANDING = {
    "acts.co.za": LAW,
    "app.legiplex.com": BILLS,
    "authorea.com": PAPER,
    "bmas.blog": ASSOCIATION,
    "capitol.hawaii.gov": STATE,
    "cetient.com": COURT,
    "ctpt.org": ASSOCIATION,
    "dcrules.elaws.us": LAW,
    "ebooks.elitelearning.com": SUMMARY,
    "farmerpublishing.com": NEWS,
    "fastdemocracy.com": BILLS,
    "ichgcp.net": REGISTER,
    "integrativedryneedling.com": SUMMARY,
    "intricateartseminars.com": SUMMARY,
    "ipta.org": ASSOCIATION,
    "kfvs12.com": NEWS,
    "kinetacore.com": SUMMARY,
    "kyopengov.org": COURT,
    "laptboard.org": STATE,
    "law.cornell.edu": LAW,
    "lawserver.com": LAW,
    "lsbme.la.gov": STATE,
    "malegislature.gov": STATE,
    "masterdryneedling.com": SUMMARY,
    "myopainseminars.com": SUMMARY,
    "ndbpt.org": STATE,
    "njlaw.rutgers.edu": LAW,
    "onetonline.org": SUMMARY,
    "paproviders.org": ASSOCIATION,
    "physicaltherapy.wyo.gov": STATE,
    "pphc.co": SUMMARY,
    "pt-management.com": SUMMARY,
    "ptboard.az.gov": STATE,
    "ptboard.nv.gov": STATE,
    "ptidaho.org": ASSOCIATION,
    "regulations.justia.com": LAW,
    "revisor.mn.gov": STATE,
    "sdlegislature.gov": STATE,
    "simonsassociateslaw.com": SUMMARY,
    "taaom.org": ASSOCIATION,
    "therapycomply.com": SUMMARY,
    "vlex.com": LAW,
    "westjem.com": PAPER,
    "wweek.com": NEWS,
}
# No part of an identifier such as 10.1016/j.msksp.2019.102075.
HOST = re.compile(r"(?<![\w/.-])((?:[a-z0-9-]+\.)+[a-z]{2,})(?!\w)")
# After a comma: semicolons stand between sources.
MARK = re.compile(r"[;,] weak: .*$")


def named(text: str) -> list[str]:
    """The weak hosts that a source names, with what they are."""
    return [f"{host} ({what})" for host, what in HOSTS.items() if host in text]


def is_judged(host: str) -> bool:
    return host in STANDING or bool(named(host))


def marked(text: str) -> str:
    """The source with its weak hosts named at its end."""
    plain = MARK.sub("", text)
    found = named(plain)
    return f"{plain}, weak: {', '.join(found)}" if found else plain
