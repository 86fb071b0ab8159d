"""`column__beginning=start`: the texts that begin with another, as the index of each engine finds them."""

from django.db.models import CharField, Lookup, TextField


@CharField.register_lookup
@TextField.register_lookup
class Beginning(Lookup):
    """A range from the text itself to the last one that begins with it, compared letter by letter.

    `startswith` is found by the same index, but Django escapes its text for LIKE, so that a prepared query
    could not put another in its place. PostgreSQL needs an index with pattern operators.
    """

    lookup_name = "beginning"
    template = "({0} >= %s AND {0} < (%s || char(1114111)))"
    postgresql_template = "({0} ~>=~ %s AND {0} ~<~ (%s || chr(1114111)))"

    def as_sql(self, compiler, connection, template: str = template):
        left, left_params = self.process_lhs(compiler, connection)
        _placeholder, start = self.process_rhs(compiler, connection)
        return template.format(left), (*left_params, *start, *left_params, *start)

    def as_postgresql(self, compiler, connection):
        return self.as_sql(compiler, connection, self.postgresql_template)
