"""The settings of the suite with the next release's migration, for servers that are updated one by one."""

from tests.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "tests.scale.next_release"]
