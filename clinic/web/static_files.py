"""Static files in production: under names that change with their content, also where modules import them."""

import rcssmin
import rjsmin
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from clinic.web import script_texts

APPS = ("clinic/", "patients/", "treatments/")
MINIFIERS = {"css": rcssmin.cssmin, "js": rjsmin.jsmin}


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import ... from "./name.js";` as well: an import map would need an inline script."""

    support_js_module_import_aggregation = True
    # A module's hashed name depends on those of its imports: one pass per link of the longest chain.
    max_post_process_passes = 15

    def url(self, name, force=True):
        """The hashed address under DEBUG as well: `make run` serves what production does."""
        return super().url(name, force)

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = {name: self.minified(name, *source) for name, source in paths.items()}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def minified(self, name: str, storage, path: str) -> tuple:
        """(storage, path) to read a file from: ours are minified, and the texts of scripts put in."""
        ending = name.rpartition(".")[2]
        shorten = MINIFIERS.get(ending)
        if shorten is None or not name.startswith(APPS):
            return storage, path
        with storage.open(path) as source:
            text = shorten(source.read().decode())
        if ending == "js":
            text = script_texts.translated(text)
        self.delete(name)
        return self, self.save(name, ContentFile(text.encode()))
