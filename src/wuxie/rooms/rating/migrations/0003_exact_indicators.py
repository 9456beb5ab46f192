"""Snapshots taken before keep the shown points of each indicator (two decimals) where newer ones keep the exact ones."""

import json
import zlib
from fractions import Fraction

from django.db import migrations


def _text(value):
    return f"{value.numerator}/{value.denominator}"


def fill(apps, schema_editor):
    Snapshot = apps.get_model("rating", "Snapshot")
    for snapshot in Snapshot.objects.only("exact", "result", "packed_rows", "document").iterator(chunk_size=100):
        if "indicators" in snapshot.exact:
            continue
        indicators = [one for group in snapshot.result["groups"] for one in group["indicators"] if one["value"] is not None]
        snapshot.exact["indicators"] = {
            one["id"]: [_text(Fraction(one["points"])), _text(Fraction(one["value"]))] for one in indicators
        }
        used = {fact for one in indicators for fact in one["facts"]}
        said = [
            Fraction(row["quantity"])
            for row in json.loads(zlib.decompress(bytes(snapshot.packed_rows)))
            if row["kind"] == "satisfaction.score" and row["id"] in used
        ]
        snapshot.exact["satisfaction"] = _text(sum(said) / len(said)) if said else ""
        snapshot.save(update_fields=["exact"])


class Migration(migrations.Migration):
    dependencies = [("rating", "0002_snapshot_basis")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
