"""The capabilities of the ground floor, which name its modules, and its packages beside the rooms."""

CAPABILITIES = {
    "base": "what every model and every form shares",
    "rows": "rows of a related table as one value of a statement",
    "accounts": "people who sign in, and their roles",
    "credentials": "licences, courses and the reminders before they end",
    "catalogues": "the product's own data as tables",
    "practice": "what a practice chose, its places and rooms",
    "audit": "the trail of what was done and seen",
    "references": "references of rows, none of them twice",
    "form_keys": "forms that arrive once",
    "patient_links": "links that are sent to patients",
    "parsing": "dates, times and phone numbers as people type them",
    "texts": "what can be seen of a text that somebody typed or pasted",
    "fields": "form fields that read what people type",
    "csv_export": "tables that leave the product as CSV",
    "form_baseline": "what a form showed when it was opened",
    "body_chart": "the regions of the body and their outlines",
    "access": "who may do what",
    "errors": "pages of refusals and faults",
    "gallery": "every component on one page",
    "health": "whether the server answers",
    "signin": "proving who one is",
    "backup": "copies of the record, and opening one on trial",
}

SERVICES = {
    "values": "reasons, refusals and references: they know nothing else, everybody may know them",
    "audit": "the chain of events, looks not filed yet, and verification",
    "locks": "which tables lock and how, and the triggers that hold it",
    "access": "permissions, and the line above every view",
    "signin": "backends, passwords, second factors, session lifetime and idle lock",
    "web": "answers, the client's address, the page frame, logs without values",
    "django_internals": "what reaches into Django's insides",
    "catalogues": "CSV files and their tables",
    "administration": "how tables look in the administration",
    "backup": "sealed files, manifests, and the tools of both engines",
}
