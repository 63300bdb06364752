import os
import resource
import shutil
import struct
import subprocess
import unittest

from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM, REFUSED, WmCase


def wav_header(rate=44100, channels=2, bits=16, data_bytes=0, riff_bytes=None, tag=1):
    """A WAV header that may lie."""
    block = channels * bits // 8
    riff_bytes = 36 + data_bytes if riff_bytes is None else riff_bytes
    return struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", riff_bytes, b"WAVE", b"fmt ", 16, tag, channels, rate,
                       rate * block & 0xFFFFFFFF, block & 0xFFFF, bits, b"data", data_bytes)


class Arguments(WmCase):
    def test_nonsense_is_a_usage_error(self):
        calls = [
            [], ["frobnicate"], ["embed"], ["detect"], ["keygen"], ["detect", self.music], ["completion", "fish"],
            ["detect", self.music, "--key", self.key, "--fpr", "2"],
            ["detect", self.music, "--key", self.key, "--jobs", "0"],
            ["detect", "-", "-", "--key", self.key],
            ["embed", self.music, "--key", self.key, "--id", "random"],
            ["embed", self.music, "out.wav", "--key", self.key],
            ["embed", self.music, "out.wav", "--key", self.key, "--id", "123"],
            ["embed", self.music, "out.wav", "--key", self.key, "--id", "5f3a9c0212ab77ex"],
            ["embed", self.music, "out.wav", "--key", self.key, "--id", "random", "--strength", "loud"],
            ["embed", self.music, "out.wav", "--key", self.key, "--id", "random", "--resume"],
            ["embed", "--manifest", "a.csv", "--key", self.key],
            ["embed", "--manifest", "a.csv", "--out-dir", "d", "--key", self.key, "--id", "random"],
        ]
        for arguments in calls:
            with self.subTest(arguments=arguments):
                results, messages = self.wm(*arguments, expect=FAILED)
                self.assertEqual(results, "")
                self.assertNotEqual(messages, "")
        self.assertEqual(self.files(), [])

    def test_help_and_version_are_done_with_examples(self):
        for command in ([], ["keygen"], ["embed"], ["detect"], ["completion"]):
            self.assertIn("Examples:\n  wm ", self.wm(*command, "--help")[0])
        self.assertRegex(self.wm("--version")[0], r"^wm \d+\.\d+\.\d+ ")


class Keys(WmCase):
    def test_a_damaged_key_is_refused_wherever_the_damage_is(self):
        whole = self.key.read_bytes()
        damaged = {"byte missing": whole[:-2] + whole[-1:], "byte more": whole + b"x", "empty": b"", "text": b"a key\n",
                   "flipped": bytes([whole[0] ^ 1]) + whole[1:],
                   "flipped inside": whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:]}
        for damage, content in damaged.items():
            with self.subTest(damage=damage):
                (self.folder / "damaged.key").write_bytes(content)
                _, messages = self.wm("detect", self.music, "--key", "damaged.key", expect=FAILED)
                self.assertIn("damaged.key", messages)

    def test_a_missing_key(self):
        _, messages = self.wm("embed", self.music, "out.wav", "--key", "missing.key", "--id", "random", expect=FAILED)
        self.assertIn("missing.key", messages)
        self.assertEqual(self.files(), [])


class Recordings(WmCase):
    def test_what_is_no_recording_is_an_error_and_makes_no_output(self):
        nonsense = {
            "text.wav": b"This is not audio.\n" * 50, "empty.wav": b"", "one_byte.wav": b"R",
            "half_header.wav": wav_header()[:20], "header_without_format.wav": b"RIFF\x04\x00\x00\x00WAVE",
            "no_channels.wav": wav_header(channels=0, data_bytes=4000) + bytes(4000),
            "300_channels.wav": wav_header(channels=300, data_bytes=6000) + bytes(6000),
            "1_hz.wav": wav_header(rate=1, data_bytes=4000) + bytes(4000),
            "10_mhz.wav": wav_header(rate=10_000_000, data_bytes=4000) + bytes(4000),
            "noise.flac": b"fLaC" + bytes(range(256)) * 8, "noise.mp3": bytes(range(7, 256)) * 16,
        }
        for name, content in nonsense.items():
            with self.subTest(name=name):
                (self.folder / name).write_bytes(content)
                for arguments in (["detect", name], ["embed", name, "out.wav", "--id", "random"]):
                    document = self.wm_json(*arguments, "--key", self.key, expect=FAILED)
                    self.assertIn(document["error"]["code"], ("format", "unsupported"), document)
        self.assertEqual(self.files(), sorted(nonsense))

    def test_no_samples_and_one_sample_are_refused(self):
        for name, count in (("none.wav", 0), ("one.wav", 4)):
            (self.folder / name).write_bytes(wav_header(data_bytes=count) + bytes(count))
            self.wm("detect", name, "--key", self.key, expect=REFUSED)
            self.wm("embed", name, "out.wav", "--key", self.key, "--id", "random", expect=REFUSED)
        self.assertNotIn("out.wav", self.files())

    def test_a_chunk_that_lies_about_its_size_is_read_to_the_end(self):
        whole = self.music.read_bytes()
        (self.folder / "cut.wav").write_bytes(whole[:len(whole) // 2])
        self.wm("detect", "cut.wav", "--key", self.key, expect=NOT_FOUND)
        (self.folder / "endless.wav").write_bytes(wav_header(data_bytes=0xFFFFFFFF, riff_bytes=0xFFFFFFFF) + whole[44:])
        self.wm("detect", "endless.wav", "--key", self.key, expect=NOT_FOUND)

    def test_nan_and_infinity_are_survived(self):
        samples = bytearray(44100 * 20 * 4)
        subprocess.run(["sox", "-R", "-n", "-r", "44100", "-b", "32", "-e", "float", self.folder / "f.wav", "synth", "20",
                        "pinknoise"], check=True)
        content = bytearray((self.folder / "f.wav").read_bytes())
        start = len(content) - len(samples)
        for position, value in ((0, float("nan")), (40_000, float("inf")), (80_000, float("-inf")), (400_000, -1e4)):
            struct.pack_into("<f", content, start + position, value)
        (self.folder / "f.wav").write_bytes(content)
        self.wm("detect", "f.wav", "--key", self.key, expect=NOT_FOUND)
        self.embed("f.wav", "out.wav")

    def test_missing_files_and_folders(self):
        for name in ("missing.wav", ".", "missing/x.wav"):
            document = self.wm_json("detect", name, "--key", self.key, expect=FAILED)
            self.assertIn(document["error"]["code"], ("io", "format", "usage"))


class Outputs(WmCase):
    def embed_into(self, output, *options, source=None, expect=FAILED, **how):
        return self.wm("embed", source or self.music, output, "--key", self.key, "--id", "random", *options, expect=expect,
                       **how)

    def test_output_over_input_is_refused_by_any_name(self):
        original = self.music.read_bytes()
        (self.folder / "m.wav").write_bytes(original)
        os.symlink("m.wav", self.folder / "symbolic.wav")
        os.link(self.folder / "m.wav", self.folder / "hard.wav")
        for output in ("m.wav", "./m.wav", "symbolic.wav", "hard.wav"):
            with self.subTest(output=output):
                self.embed_into(output, source="m.wav")
                self.assertEqual((self.folder / "m.wav").read_bytes(), original)

    def test_an_output_name_that_cannot_be_written(self):
        for output in ("out.mp3", "out.ogg", "out.m4a", "out.txt", "out", "missing/out.wav", "/dev/null/out.wav"):
            with self.subTest(output=output):
                self.assertNotEqual(self.embed_into(output)[1], "")
        self.assertEqual(self.files(), [])

    def test_a_folder_that_may_not_be_written(self):
        (self.folder / "locked").mkdir(mode=0o555)
        (self.folder / "m.wav").write_bytes(self.music.read_bytes())
        self.wm("keygen", "own.key")
        program, nobody = PROGRAM, {}
        if os.geteuid() == 0:  # root may write everywhere: be nobody, who can reach nothing but this folder
            program, nobody = shutil.copy(PROGRAM, self.folder / "wm"), {"user": 65534}
            for name in (".", "m.wav", "own.key"):
                os.chown(self.folder / name, 65534, -1)
        done = subprocess.run([program, "embed", "m.wav", "locked/out.wav", "--key", "own.key", "--id", "random"],
                              cwd=self.folder, capture_output=True, text=True, check=False, **nobody)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("locked/out.wav", done.stderr)
        self.assertEqual(self.files("locked"), [])

    def test_a_disk_that_takes_no_more_leaves_no_file(self):
        def allow_one_megabyte():
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

        for output in ("out.wav", "out.flac"):
            with self.subTest(output=output):
                self.embed_into(output, "--no-verify", preexec_fn=allow_one_megabyte)
                self.assertEqual(self.files(), [])

    def test_an_earlier_output_survives_a_failure(self):
        (self.folder / "out.wav").write_bytes(b"an earlier recording")
        (self.folder / "text.wav").write_bytes(b"not audio")
        self.embed_into("out.wav", source="text.wav")
        self.assertEqual((self.folder / "out.wav").read_bytes(), b"an earlier recording")

    def test_a_full_standard_output_is_a_failure(self):
        marked = self.folder / "marked.wav"
        self.embed_into(marked, expect=DONE)
        for arguments in (["detect", marked, "--key", self.key], ["embed", self.music, "-", "--key", self.key, "--id", "random"],
                          ["completion", "bash"], ["keygen", "new.key"]):
            with self.subTest(arguments=arguments), open("/dev/full", "w", encoding="utf-8") as full:
                done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, stdout=full, stderr=subprocess.PIPE,
                                      check=False)
                self.assertEqual(done.returncode, FAILED, done.stderr)
                self.assertNotEqual(done.stderr, b"")

    def test_a_reader_that_goes_away_is_a_failure_and_not_a_crash(self):
        with subprocess.Popen([PROGRAM, "embed", self.music, "-", "--key", self.key, "--id", "random"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL) as run:
            run.stdout.close()
        self.assertEqual(run.returncode, FAILED)


if __name__ == "__main__":
    unittest.main()
