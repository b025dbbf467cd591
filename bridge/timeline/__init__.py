"""Timelines of editing programs: their shots in, a cut of finished versions out."""
