"""Kills the program at random moments of all that changes a registry, and looks at what is left.

WM_KILLS says how often (default 12). The long version:

    WM_KILLS=100 WM_PROGRAM=build/release/cli/wm WM_SCHEMAS=docs/schemas WM_GOLDEN=tests/golden python3 tests/cli/kill_test.py
"""

import os
import random
import subprocess
import time
import unittest

from rights_case import ISRC, LICENSEE, RightsCase
from wm_case import DONE, NOT_FOUND, PROGRAM

KILLS = int(os.environ.get("WM_KILLS", "12"))


class Kill(RightsCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(20261122)
        self.publish_claim()
        self.longest_s = {}  # of each command, undisturbed
        self.tracks = 0

    def arguments_of(self, command):
        """A fresh command line of that kind."""
        rights = ("-r", "rights.db", "--as", "label.id")
        if command == "register":
            self.tracks += 1
            name = f"track{self.tracks:03}"
            self.write_claim(f"{name}.toml", isrc=f"USRC1{self.tracks:07}")
            os.link(self.music, self.folder / f"{name}.wav")
            return ("register", f"{name}.wav", "--claim", f"{name}.toml", "--key", self.key, "--out", "marked", *rights)
        if command == "consent":
            return ("consent", "set", ISRC, f"ai_training={self.random.choice(['allowed', 'notAllowed'])}", *rights)
        if command == "grant":
            return ("licence", "grant", ISRC, "--licensee", LICENSEE, "--use", "stream", *rights)
        return ("licence", "revoke", self.grant("--use", "sync"), *rights)

    def run_and_kill(self, command):
        arguments = [PROGRAM, *map(str, self.arguments_of(command))]
        if command not in self.longest_s:
            began = time.monotonic()
            subprocess.run(arguments, cwd=self.folder, check=True, capture_output=True)
            self.longest_s[command] = time.monotonic() - began
            return
        run = subprocess.Popen(arguments, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(self.random.uniform(0, 1.2 * self.longest_s[command]))
        run.kill()
        run.wait()

    def check_what_is_left(self):
        self.verify_log()
        self.grant("--use", "derive")  # the next opening for writing
        self.verify_log()
        marked = set(self.files("marked")) if (self.folder / "marked").exists() else set()
        for k in range(1, self.tracks + 1):
            shown = self.wm_result("claim", "show", f"USRC1{k:07}", "-r", "rights.db")
            is_published = shown.returncode == DONE
            self.assertIn(shown.returncode, (DONE, NOT_FOUND), shown.stderr)
            self.assertEqual(is_published, f"track{k:03}.wav" in marked, f"track {k}: a file without its claim, or the other way")

    def wm_result(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)

    def test_leaves_a_registry_that_opens_and_files_that_have_claims(self):
        commands = ("register", "consent", "grant", "revoke")
        for command in commands:
            self.run_and_kill(command)
        for k in range(KILLS):
            self.run_and_kill(commands[k % len(commands)])
            self.check_what_is_left()


if __name__ == "__main__":
    unittest.main()
