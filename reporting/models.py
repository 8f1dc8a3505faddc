"""The room's tables, gathered for Django."""

from reporting.disclosure.models import Release
from reporting.extracts.models import ImportConflict
from reporting.imports.models import ConflictSettlement, ExtractUpload

__all__ = ["ConflictSettlement", "ExtractUpload", "ImportConflict", "Release"]
