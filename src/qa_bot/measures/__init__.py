"""Measures: functions from values to figures, each defined with formula and source in docs/measures.md.

`ranking` judges ranked lists, `spans` places, `answers` short answers, `citations` what a citation shows,
`selective` confidence and refusal, `labels` classifications, `resampling` gives every figure its interval.
"""
