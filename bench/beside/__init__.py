"""The same writes by the plain ORM, under the hub's trail, django-auditlog and django-simple-history.

A programme of its own with settings of its own: the libraries measured beside the trail are no part of
the hub.
"""
