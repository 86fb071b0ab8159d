"""Templates are indented; the HTML that is sent is not."""

from django.template import Engine, engines

INDENTED = "<p>\n    one\n\n\t two\n  {{ word }} end\n</p>\n"


def engine(folder) -> Engine:
    return Engine(dirs=[folder], loaders=["clinic.web.template_loader.Loader"])


def test_a_page_is_sent_without_the_indentation_of_its_template(tmp_path):
    (tmp_path / "page.html").write_text(INDENTED, encoding="utf-8")

    sent = engine(tmp_path).render_to_string("page.html", {"word": "a  b\n  c"})

    # whitespace in a value is kept
    assert sent == "<p>\none\n\ntwo\na  b\n  c end\n</p>\n"


def test_the_text_of_a_mail_stays_as_it_is_written(tmp_path):
    (tmp_path / "mail.txt").write_text(INDENTED, encoding="utf-8")

    assert engine(tmp_path).render_to_string("mail.txt", {"word": "x"}) == INDENTED.replace("{{ word }}", "x")


def test_the_product_reads_its_pages_so():
    source = engines["django"].get_template("base_door.html").template.source

    assert "\n<main" in source
    assert "\n " not in source
