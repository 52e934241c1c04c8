"""Grades a submission with Socklab, as Classroom 50's runner calls it: once, in the student's checkout."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Where Socklab is, and which commit of it grades.
SOCKLAB = "https://github.com/OWNER/socklab.git"
COMMIT = "COMMIT"
LAB = "lab3"
# Where the programs are in the student's repository.
FOLDER = "."
# More options for ./lab grade, such as "--timeout", "300".
OPTIONS = []

student = Path.cwd()
work = Path(tempfile.mkdtemp())
checkout, results = work / "socklab", work / "results"


def git(*words):
    subprocess.run(["git", "-C", checkout, *words], check=True)


checkout.mkdir()
git("init", "--quiet")
git("fetch", "--quiet", "--depth", "1", SOCKLAB, COMMIT)
git("checkout", "--quiet", "FETCH_HEAD")

# Names and messages may hold anything: GitHub obeys no line until the word that ends this.
token = secrets.token_hex(16)
print(f"::stop-commands::{token}", flush=True)
grade = ["./lab", "grade", LAB, student / FOLDER, "--out", results, "--book", "none"]
grade += ["--format", "classroom50", *OPTIONS]
status = subprocess.run(grade, cwd=checkout).returncode
print(f"::{token}::", flush=True)

made = list(results.glob("submissions/*/classroom50/result.json"))
if not made:
    # Nothing was graded, or a check came to no verdict: the runner reports an error, not a score.
    sys.exit(status or 3)
for name in ("result.json", "release-body.md"):
    target = student / name
    # Not through a link that the student has put there.
    if target.is_symlink() or target.exists():
        os.remove(target)
    shutil.copy(made[0].parent / name, target)
