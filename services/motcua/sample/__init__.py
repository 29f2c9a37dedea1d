"""The sample: Lai Châu, first half of 2020.

Printed in the province's own report, and met to the digit: the dossiers received, resolved and in process
by level, those not yet due, the procedures at the one-stop by level, the online services by level, and the
number of districts and communes (108, from 1 February 2020 on 106).  Names of units are real.

Invented, from a fixed seed: every single dossier and its days, counters, channels and outcomes; what was early,
on time or late; how the 847 overdue spread over the levels; processing times; most names of procedures; the codes
of units, and those of procedures that begin with 9.  The other procedure codes follow the national database,
unchecked.
"""
