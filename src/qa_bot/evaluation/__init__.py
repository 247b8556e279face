"""Evaluation: question sets in; figures with intervals, a report, a comparison and a gate out."""
