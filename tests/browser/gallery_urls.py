"""The product's URLs and the component gallery, which is otherwise served with DEBUG only."""

from django.urls import path

from clinic.urls import urlpatterns as product
from clinic.views import gallery

urlpatterns = [*product, path("gallery/", gallery.gallery, name="gallery")]

handler404 = "clinic.views.errors.not_found"
