import os
import re
import subprocess
import unittest

from wm_case import WmCase


class Bash(WmCase):
    def offered(self, *words):
        """What bash offers for the last of the words."""
        (self.folder / "wm.bash").write_text(self.wm("completion", "bash")[0])
        quoted = " ".join(f"'{word}'" for word in words)
        script = f"source ./wm.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _wm; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        done = subprocess.run(["bash", "-euc", script], cwd=self.folder, capture_output=True, text=True, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_offers_the_commands(self):
        self.assertEqual(self.offered("wm", "de"), ["detect"])
        self.assertLessEqual({"keygen", "embed", "detect", "completion"}, set(self.offered("wm", "")))

    def test_offers_every_option_that_help_knows(self):
        for command in ("keygen", "embed", "detect", "attack", "check", "who"):
            help_text = self.wm(command, "--help")[0]
            options = {word.strip(",") for line in help_text.split("Examples:")[0].splitlines() if line.startswith("  -")
                       for word in line.split()[0].split(",")}
            self.assertEqual(set(self.offered("wm", command, "-")), options)

    def test_offers_the_commands_below_a_command_and_all_their_options(self):
        self.assertEqual(self.offered("wm", "claim", "re"), ["reinstate", "revoke"])
        self.assertLessEqual({"--licensee", "--territory", "--as", "--json"}, set(self.offered("wm", "licence", "grant", "-")))
        self.assertNotIn("--licensee", self.offered("wm", "licence", "list", "-"))

    def test_offers_a_command_only_below_its_own_group(self):
        self.assertEqual(self.offered("wm", "registry", "ver"), [])
        self.assertEqual(self.offered("wm", "registry", "log", ""), ["verify"])
        self.assertIn("--registry", self.offered("wm", "registry", "log", "verify", "--reg"))

    def test_offers_files_and_shells_where_they_go(self):
        (self.folder / "upload.mp3").touch()
        self.assertEqual(self.offered("wm", "detect", "upl"), ["upload.mp3"])
        self.assertEqual(self.offered("wm", "detect", "--key", "upl"), ["upload.mp3"])
        self.assertEqual(self.offered("wm", "detect", "--fpr", "upl"), [])
        self.assertEqual(self.offered("wm", "completion", "z"), ["zsh"])


class Zsh(WmCase):
    def test_loads_and_registers_itself(self):
        functions = self.folder / "functions"
        functions.mkdir()
        (functions / "_wm").write_text(self.wm("completion", "zsh")[0])
        script = f"fpath=({functions} $fpath); autoload -Uz compinit; compinit -u -D; print $_comps[wm]; autoload +X _wm; " \
                 "print $+functions[_wm]"
        done = subprocess.run(["zsh", "-fec", script], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.split(), ["_wm", "1"])
        self.assertEqual(done.stderr, "")

    def offered(self, typed):
        """What zsh shows after `typed` and the tabulator key."""
        (self.folder / "_wm").write_text(self.wm("completion", "zsh")[0])
        script = r"""
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; fpath=($PWD \$fpath); autoload -Uz compinit; compinit -u -D; stty -echo; print READY\$((1+1))"
while zpty -r shell line; do [[ $line == *READY2* ]] && break; done
zpty -w -n shell "$TYPED"$'\t'
zpty -w -n shell $' 1 ; print DONE\C-m'
while zpty -r shell line; do print -r -- "$line"; [[ $line == *DONE* ]] && break; done
"""
        done = subprocess.run(["zsh", "-fc", script], cwd=self.folder, env={**os.environ, "TYPED": typed}, capture_output=True,
                              text=True, timeout=60, check=True)
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", done.stdout)

    def test_offers_commands_and_options_at_a_prompt(self):
        self.assertIn("--fpr", self.offered("wm detect --fp"))
        self.assertIn("wm registry ", self.offered("wm registr"))
        self.assertIn("wm licence grant ", self.offered("wm licence gr"))
        self.assertIn("wm registry log verify ", self.offered("wm registry log ver"))
        self.assertIn("--licensee ", self.offered("wm licence grant --licens"))
        self.assertNotIn("--licensee ", self.offered("wm licence list --licens"))


if __name__ == "__main__":
    unittest.main()
