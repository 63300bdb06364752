import os
import pty
import stat
import subprocess
import unittest

from wm_case import DONE, FAILED, PROGRAM, WmCase


class Keygen(WmCase):
    def test_names_the_key_after_its_file_unless_told(self):
        self.assertEqual(self.wm_json("keygen", "a.key")["key_name"], "a")
        self.assertEqual(self.wm_json("keygen", "b.key", "--name", "Label 2026 ü")["key_name"], "Label 2026 ü")

    def test_keys_differ_and_only_the_owner_may_read_them(self):
        ids = {self.wm_json("keygen", f"{k}.key")["key_id"] for k in range(3)}
        self.assertEqual(len(ids), 3)
        self.assertEqual(stat.S_IMODE((self.folder / "0.key").stat().st_mode), 0o600)

    def test_does_not_overwrite_a_key(self):
        self.wm("keygen", "a.key")
        before = (self.folder / "a.key").read_bytes()
        self.wm("keygen", "a.key", expect=FAILED)
        self.assertEqual((self.folder / "a.key").read_bytes(), before)

    def test_the_file_does_not_appear_when_its_folder_is_missing(self):
        _, messages = self.wm("keygen", "no/such/folder/a.key", expect=FAILED)
        self.assertIn("no/such/folder", messages)

    def test_refuses_names_that_would_break_reports(self):
        self.wm("keygen", "a.key", "--name", "two\nlines", expect=FAILED)
        self.assertEqual(self.files(), [])


class Passphrase(WmCase):
    def setUp(self):
        super().setUp()
        (self.folder / "right.txt").write_text("correct horse\r\n")
        (self.folder / "wrong.txt").write_text("battery staple\n")
        self.assertTrue(self.wm_json("keygen", "p.key", "--passphrase-file", "right.txt")["protected"])

    def detect(self, *options, expect, **how):
        return self.wm("detect", self.music, "--key", "p.key", *options, expect=expect, stdin=subprocess.DEVNULL, **how)

    def test_a_file_or_the_environment_opens_the_key(self):
        self.detect("--passphrase-file", "right.txt", expect=1)
        self.detect(expect=1, env={**os.environ, "WM_PASSPHRASE": "correct horse"})

    def test_the_environment_protects_new_keys_too_unless_it_is_empty(self):
        for passphrase, is_protected in (("correct horse", True), ("", False)):
            document = self.wm_json("keygen", f"{is_protected}.key", env={**os.environ, "WM_PASSPHRASE": passphrase})
            self.assertEqual(document["protected"], is_protected)

    def test_a_wrong_or_empty_passphrase_does_not(self):
        _, messages = self.detect("--passphrase-file", "wrong.txt", expect=FAILED)
        self.assertIn("passphrase", messages)
        (self.folder / "empty.txt").write_text("\n")
        self.detect("--passphrase-file", "empty.txt", expect=FAILED)
        self.detect("--passphrase-file", "missing.txt", expect=FAILED)

    def test_without_a_terminal_it_says_what_to_do(self):
        _, messages = self.detect(expect=FAILED, start_new_session=True)
        self.assertIn("--passphrase-file", messages)

    def test_a_protected_key_needs_no_passphrase_when_it_has_none(self):
        self.wm("detect", self.music, "--key", self.key, "--passphrase-file", "wrong.txt", expect=1)

    def on_terminal(self, *arguments, typed):
        """Runs wm on a terminal of its own, types the lines, and returns its exit code and all that the terminal showed."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execv(PROGRAM, [PROGRAM, *arguments])
        shown = b""
        for line in typed:
            while not shown.rstrip(b" ").endswith(b":"):
                shown += os.read(terminal, 1000)
            os.write(terminal, line.encode() + b"\n")
            shown += b"\n"
        try:
            while chunk := os.read(terminal, 1000):
                shown += chunk
        except OSError:  # how Linux says that the other end of a terminal closed
            pass
        os.close(terminal)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()

    def test_a_terminal_is_asked_twice_without_echo(self):
        code, shown = self.on_terminal("keygen", "t.key", "--passphrase", typed=["s3cret", "s3cret"])
        self.assertEqual(code, DONE, shown)
        self.assertNotIn("s3cret", shown)
        self.wm("detect", self.music, "--key", "t.key", expect=1, env={**os.environ, "WM_PASSPHRASE": "s3cret"})

    def test_two_different_answers_make_no_key(self):
        code, shown = self.on_terminal("keygen", "t.key", "--passphrase", typed=["s3cret", "s3kret"])
        self.assertEqual(code, FAILED, shown)
        self.assertNotIn("t.key", self.files())


if __name__ == "__main__":
    unittest.main()
