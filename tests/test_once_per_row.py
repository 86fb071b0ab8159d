import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from zeal.errors import NPlusOneError

from tests.query_per_row import raise_on_query_per_row

pytestmark = pytest.mark.django_db


def a_query_per_row(_request):
    return HttpResponse(" ".join(row.content_type.app_label for row in Permission.objects.all()[:3]))


def test_a_page_that_asks_once_per_row_fails(rf):
    with pytest.raises(NPlusOneError):
        raise_on_query_per_row(a_query_per_row)(rf.get("/patients/"))


def test_the_admin_is_left_to_itself(rf):
    assert raise_on_query_per_row(a_query_per_row)(rf.get("/admin/clinic/")).status_code == 200
