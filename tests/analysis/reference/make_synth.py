"""Synthetic SIPAS-like surveys with fixed seeds (own work, no licence strings: CC0).
usage: make_synth.py OUTDIR PREFIX SEED PROFILE
Files written (PREFIX_*.csv):
  gross      every sampled household incl. nonrespondents (frame variables + resp flag)
  resp       respondents only, with item missings, 3-stage design with fpc's
  years      two rounds in the same communes (for year differences with covariance)
  pairs      2 PSU per stratum (BRR/Fay)
  lonely     a few strata with one PSU (lonely-PSU options)
  areas      area-level direct estimates + variances + covariates (Fay-Herriot)
  kiosk      big non-probability sample + ref: small probability sample with same covariates
  popfreq    true population counts (control totals) in long format
"""

import sys, csv, numpy as np

out, pre, seed, prof = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
rng = np.random.Generator(np.random.PCG64(seed))
P = dict(
    public=dict(
        prov=4, nh=(4, 6), mh=(12, 31), ham=(5, 12), nham=3, hh=(60, 200), nhh=6, ag=12, miss=0.05
    )
)[prof]
NQ = 22
BLOCK = [4, 5, 5, 4, 4]


def w(name, cols):
    keys = list(cols)
    n = len(cols[keys[0]])
    with open(f"{out}/{pre}_{name}.csv", "w", newline="") as f:
        c = csv.writer(f, lineterminator="\n")
        c.writerow(keys)
        for i in range(n):
            r = []
            for k in keys:
                v = cols[k][i]
                if v is None or (isinstance(v, float) and np.isnan(v)):
                    r.append("NA")
                elif isinstance(v, (float, np.floating)):
                    r.append(repr(float(v)))
                else:
                    r.append(v)
            c.writerow(r)


AGE = ["18-29", "30-44", "45-59", "60+"]
EDU = ["primary", "secondary", "tertiary"]
load = rng.uniform(0.6, 1.1, NQ)
icut = rng.normal(0, 0.25, NQ)
rows = []
popcount = {}
ageff = rng.normal(0, 0.35, P["ag"])
for p in range(P["prov"]):
    for a, area in enumerate(["urban", "rural"]):
        M = int(rng.integers(*P["mh"]))
        n = int(rng.integers(*P["nh"]))
        st = f"P{p + 1}{area[0].upper()}"
        ceff = rng.normal(0, 0.3, M)
        nham = rng.integers(*P["ham"], M)
        chosen = np.sort(rng.choice(M, n, replace=False))
        for c in range(M):
            for h in range(nham[c]):
                H = int(rng.integers(*P["hh"]))
                # household population of the hamlet (one adult each): only margins kept unless sampled
                age = rng.choice(
                    4, H, p=[0.26, 0.31, 0.25, 0.18] if a == 0 else [0.21, 0.29, 0.28, 0.22]
                )
                sex = rng.integers(0, 2, H)
                for i, s in zip(age, sex):
                    popcount[(p, a, i, s)] = popcount.get((p, a, i, s), 0) + 1
                if c in chosen:
                    rows.append(("H", p, a, st, M, n, c, nham[c], h, H, age, sex, ceff[c]))
# select hamlets & households
gross = dict(
    (k, [])
    for k in [
        "id",
        "province",
        "area",
        "stratum",
        "commune",
        "hamlet",
        "M_commune",
        "N_hamlet",
        "N_hh",
        "w_base",
        "agegrp",
        "sex",
        "dist_km",
        "resp",
    ]
)
resp_rows = []
from itertools import groupby

hid = 0
key = lambda r: (r[3], r[6])
for (st, c), g in groupby(rows, key):
    g = list(g)
    sel = sorted(rng.choice(len(g), min(P["nham"], len(g)), replace=False))
    for k in sel:
        _, p, a, st, M, n, c, nh, h, H, age, sex, ce = g[k]
        m = min(P["nhh"], H)
        pick = rng.choice(H, m, replace=False)
        heff = rng.normal(0, 0.15)
        for i in pick:
            hid += 1
            base = (M / n) * (nh / len(sel)) * (H / m)
            dk = float(np.round(rng.gamma(2, 3 + 2 * a), 1))
            pr = 1 / (
                1 + np.exp(-(1.0 + 0.35 * age[i] - 0.5 * (a == 0) + 0.25 * sex[i] - 0.04 * dk))
            )
            r = int(rng.random() < pr)
            for kk, v in dict(
                id=hid,
                province=f"P{p + 1}",
                area=["urban", "rural"][a],
                stratum=st,
                commune=f"{st}C{c + 1:02d}",
                hamlet=f"{st}C{c + 1:02d}H{h + 1:02d}",
                M_commune=M,
                N_hamlet=int(nh),
                N_hh=H,
                w_base=base,
                agegrp=AGE[age[i]],
                sex=["F", "M"][sex[i]],
                dist_km=dk,
                resp=r,
            ).items():
                gross[kk].append(v)
            if r:
                if rng.random() < 0.5:
                    ag = p * 2 + a
                else:
                    ag = min(
                        P["ag"] - 1, 2 * P["prov"] + int(rng.integers(0, P["ag"] - 2 * P["prov"]))
                    )
                edu = int(rng.choice(3, p=[0.3, 0.45, 0.25] if a else [0.15, 0.4, 0.45]))
                year = 0
                th = (
                    0.5 + ceff_
                    if False
                    else 0.45
                    + ce
                    + heff
                    + ageff[ag]
                    + 0.12 * age[i]
                    - 0.1 * edu
                    - 0.01 * dk
                    + rng.normal(0, 0.75)
                )
                q = []
                bi = 0
                for b in BLOCK:
                    fu = th + rng.normal(0, 0.35)
                    for j in range(b):
                        z = load[bi] * fu + icut[bi] + rng.normal(0, 0.7)
                        q.append(int(np.digitize(z, [-1.5, -0.8, 0, 0.95])) + 1)
                        bi += 1
                qm = [None if rng.random() < P["miss"] else v for v in q]
                full = np.mean(q)
                wait = float(np.round(np.exp(2.6 - 0.25 * th + rng.normal(0, 0.5)), 1))
                visits = int(1 + rng.poisson(max(0.2, 1.2 - 0.3 * th)))
                fee = float(np.round(20 + 15 * visits + rng.gamma(2, 8), 2))
                resp_rows.append(
                    dict(
                        id=hid,
                        province=f"P{p + 1}",
                        area=["urban", "rural"][a],
                        stratum=st,
                        commune=f"{st}C{c + 1:02d}",
                        hamlet=f"{st}C{c + 1:02d}H{h + 1:02d}",
                        M_commune=M,
                        N_hamlet=int(nh),
                        N_hh=H,
                        w_base=base,
                        agegrp=AGE[age[i]],
                        sex=["F", "M"][sex[i]],
                        edu=EDU[edu],
                        agency=f"A{ag + 1:02d}",
                        dist_km=dk,
                        sat=int(full >= 4.0),
                        index=float(full),
                        overall=q[0],
                        wait=wait,
                        visits=visits,
                        fee=fee,
                        **{f"q{j + 1:02d}": qm[j] for j in range(NQ)},
                        **{f"c{j + 1:02d}": q[j] for j in range(6)},
                    )
                )
w("gross", gross)
R = {k: [r[k] for r in resp_rows] for k in resp_rows[0]}
# simple nonresponse factor by area x agegrp  (weight class)
tot = {}
rs = {}
for ar, ag_, wb, rr in zip(gross["area"], gross["agegrp"], gross["w_base"], gross["resp"]):
    tot[(ar, ag_)] = tot.get((ar, ag_), 0) + wb
    rs[(ar, ag_)] = rs.get((ar, ag_), 0) + wb * rr
R["w_nr"] = [wb * tot[(a, g)] / rs[(a, g)] for wb, a, g in zip(R["w_base"], R["area"], R["agegrp"])]
w("resp", R)
pf = dict(province=[], area=[], agegrp=[], sex=[], N=[])
for (p, a, i, s), v in sorted(popcount.items()):
    for k, x in zip(pf, (f"P{p + 1}", ["urban", "rural"][a], AGE[i], ["F", "M"][s], v)):
        pf[k].append(x)
w("popfreq", pf)
# ---- two years, same communes
Y = dict((k, []) for k in ["year", "stratum", "commune", "w", "agency", "score", "sat", "wait"])
for s in range(6):
    for c in range(int(rng.integers(4, 8))):
        ce = rng.normal(0, 0.5)
        wt = float(rng.uniform(20, 90))
        for y in (2024, 2025):
            for i in range(int(rng.integers(6, 12))):
                ag = f"B{int(rng.integers(1, 6))}"
                z = 3.4 + 0.12 * (y == 2025) + ce + 0.15 * int(ag[1]) + rng.normal(0, 0.8)
                for k, v in dict(
                    year=y,
                    stratum=f"S{s + 1}",
                    commune=f"S{s + 1}C{c + 1}",
                    w=wt * float(rng.uniform(0.8, 1.2)),
                    agency=ag,
                    score=float(np.clip(z, 1, 5)),
                    sat=int(z >= 3.7),
                    wait=float(np.round(rng.gamma(2, 7), 1)),
                ).items():
                    Y[k].append(v)
w("years", Y)
# ---- pairs: 2 PSU per stratum
B = dict((k, []) for k in ["stratum", "psu", "w", "x", "y", "ybin", "grp", "sex"])
for s in range(12):
    for c in (1, 2):
        ce = rng.normal(0, 4)
        wt = float(rng.uniform(10, 60))
        for i in range(int(rng.integers(5, 10))):
            x = float(rng.gamma(3, 10))
            y = 50 + 0.6 * x + ce + float(rng.normal(0, 6))
            for k, v in dict(
                stratum=s + 1,
                psu=f"{s + 1}.{c}",
                w=wt * float(rng.uniform(0.7, 1.3)),
                x=x,
                y=y,
                ybin=int(y > 68),
                grp="ABC"[int(rng.integers(0, 3))],
                sex="FM"[int(rng.integers(0, 2))],
            ).items():
                B[k].append(v)
w("pairs", B)
# ---- lonely strata
L = dict((k, []) for k in ["stratum", "psu", "N_psu", "w", "y", "d", "agency"])
for s in range(7):
    npsu = 1 if s in (2, 5) else int(rng.integers(2, 5))
    N = npsu * int(rng.integers(2, 6)) if s != 5 else 1  # stratum 6 is a certainty stratum (N=n=1)
    for c in range(npsu):
        ce = rng.normal(0, 1.2)
        for i in range(int(rng.integers(4, 9))):
            for k, v in dict(
                stratum=f"L{s + 1}",
                psu=f"L{s + 1}.{c + 1}",
                N_psu=N,
                w=N / npsu * float(rng.uniform(5, 9)),
                y=float(10 + ce + s * 0.5 + rng.normal(0, 2)),
                d=int(rng.random() < 0.35 + 0.05 * s),
                agency=f"X{(s * 3 + c) % 5 + 1}",
            ).items():
                L[k].append(v)
w("lonely", L)
# ---- area level
m = 40
x1 = rng.uniform(0, 1, m)
x2 = rng.normal(0, 1, m)
psi = rng.uniform(0.02, 0.25, m) ** 2 * 4
v = rng.normal(0, 0.18, m)
th = 3.2 + 0.9 * x1 - 0.15 * x2 + v
yh = th + rng.normal(0, np.sqrt(psi))
w(
    "areas",
    dict(
        area=[f"D{i + 1:03d}" for i in range(m)],
        y=[float(a) for a in yh],
        vardir=[float(a) for a in psi],
        x1=[float(a) for a in x1],
        x2=[float(a) for a in x2],
        n=[int(max(4, round(0.5 / a))) for a in psi],
    ),
)
# ---- kiosk (non-prob) + reference probability sample
Np = 40000
X1 = rng.normal(0, 1, Np)
X2 = (rng.random(Np) < 0.45).astype(int)
X3 = rng.gamma(2, 1, Np)
yv = 2.5 + 0.4 * X1 + 0.5 * X2 + 0.15 * X3 + rng.normal(0, 0.6, Np)
yb = (yv > 3.4).astype(int)
pi = 1 / (1 + np.exp(-(-2.9 + 0.5 * X1 + 0.6 * X2 - 0.2 * X3)))
A = np.flatnonzero(rng.random(Np) < pi)
size = 1 + 0.5 * X3
pr = size / size.sum() * 600
Bs = np.flatnonzero(rng.random(Np) < pr)
w(
    "kiosk",
    dict(
        x1=[float(a) for a in X1[A]],
        x2=[int(a) for a in X2[A]],
        x3=[float(a) for a in X3[A]],
        y=[float(a) for a in yv[A]],
        yb=[int(a) for a in yb[A]],
    ),
)
w(
    "ref",
    dict(
        x1=[float(a) for a in X1[Bs]],
        x2=[int(a) for a in X2[Bs]],
        x3=[float(a) for a in X3[Bs]],
        d=[float(1 / a) for a in pr[Bs]],
    ),
)
print(
    pre,
    "gross",
    len(gross["id"]),
    "resp",
    len(R["id"]),
    "years",
    len(Y["w"]),
    "pairs",
    len(B["w"]),
    "lonely",
    len(L["w"]),
    "kiosk",
    len(A),
    "ref",
    len(Bs),
    "true mean y",
    yv.mean(),
)
