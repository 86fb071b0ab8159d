"""The stock admin beside the product holds the same people, and its forms are filled in as in a browser."""

import contextlib
import sqlite3

from bench import forms
from bench import stock_visitor as visitor
from bench.stock import filling

RECORD = """
    CREATE TABLE clinic_user (id, first_name);
    CREATE TABLE patients_patient (id, ref, family_name, given_name, born, sex, phone, email, address, city,
        state, postal_code, name_key);
    CREATE TABLE treatments_needlingsession (id, ref, patient_id, therapist_id, started_at, ended_at,
        tolerance, note, plan);
    CREATE TABLE treatments_muscle (id, name);
    CREATE TABLE treatments_needlesite (id, session_id, muscle_id, unlisted_name, side, gauge_mm, length_mm,
        depth_mm, insertions, twitches, technique, tissue, struck_at);
    INSERT INTO clinic_user VALUES (7, 'Robin');
    INSERT INTO patients_patient (id, ref, family_name, given_name, born)
        VALUES (1, 'AAAA', 'Lind', 'Per', '1967-09-30'), (2, 'BBBB', 'Lund', 'Pia', '1968-09-30');
    INSERT INTO treatments_needlingsession VALUES (5, 'SSSS', 1, 7, NULL, NULL, 'well', 'Slept.', 'Weekly.');
    INSERT INTO treatments_muscle VALUES (3, 'Upper trapezius');
    INSERT INTO treatments_needlesite VALUES
        (11, 5, 3, '', 'left', 0.3, 40, 12, 3, 2, 'piston', 'trigger_point', NULL),
        (12, 5, NULL, 'My muscle', 'left', 0.3, 40, 12, 3, 2, 'piston', 'trigger_point', NULL),
        (13, 5, 3, '', 'left', 0.3, 40, 12, 3, 2, 'piston', 'trigger_point', '2026-11-01');
"""
STOCK = """
    CREATE TABLE stock_patient (id INTEGER PRIMARY KEY, ref, family_name, given_name, born, sex, phone, email,
        address, city, state, postal_code);
    CREATE TABLE stock_session (id INTEGER PRIMARY KEY, ref, patient_id, therapist, started_at, ended_at,
        tolerance, note, plan);
    CREATE TABLE stock_site (id INTEGER PRIMARY KEY, session_id, muscle, side, gauge_mm, length_mm, depth_mm,
        insertions, twitches, technique, tissue);
"""


def rows(path, query: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return database.execute(query).fetchall()


def test_the_demos_people_sessions_and_standing_sites_are_copied(tmp_path):
    for name, script in (("record", RECORD), ("stock", STOCK)):
        with contextlib.closing(sqlite3.connect(tmp_path / name)) as database:
            database.executescript(script)

    filling.fill(f"sqlite:///{tmp_path}/record", f"sqlite:///{tmp_path}/stock", empty_sessions=1)

    stock = tmp_path / "stock"
    assert rows(stock, "SELECT ref, family_name FROM stock_patient") == [("AAAA", "Lind"), ("BBBB", "Lund")]
    assert rows(stock, "SELECT ref, patient_id, therapist, note FROM stock_session") == [
        ("SSSS", 1, "Robin", "Slept."),
        ("new-2", 2, "Stock", ""),
    ]
    assert rows(stock, "SELECT id, muscle FROM stock_site") == [(11, "Upper trapezius"), (12, "My muscle")]


def test_three_rows_of_the_inline_are_filled_in():
    text = '<form method="post"><input name="sites-TOTAL_FORMS" value="3"></form>'

    sent = visitor.three_sites(forms.forms_in(text)[0])

    assert sent["sites-TOTAL_FORMS"] == ["3"]
    assert [sent[f"sites-{number}-muscle"] for number in range(3)] == [[name] for name in visitor.MUSCLES]
    assert sent["sites-2-depth_mm"] == ["12"]
