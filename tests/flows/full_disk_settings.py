"""The suite's settings, but looks that could not be written go where the drill says."""

import os

from tests.settings import *

AUDIT_GAPS = os.environ["GAPS_OF_THE_DRILL"]
