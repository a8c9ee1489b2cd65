"""Reading and comparing answers; the texts are what the tools print, of made-up functions."""

import tempfile
import unittest
from pathlib import Path

from sidebyside import answers


def read(reader, text):
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "answers")
        path.write_text(text, encoding="utf-8")
        return list(reader(path))


class Reading(unittest.TestCase):
    def test_gnu_chains_end_at_the_next_address(self):
        text = "0x10\ninner\na/b.h:7\nouter\na/c.c:9 (discriminator 2)\n0x20\n??\n??:0\n"
        self.assertEqual(
            read(answers.gnu, text), [(("inner", "a/b.h", 7), ("outer", "a/c.c", 9)), ()]
        )

    def test_elfutils_columns_and_remarks_are_left_out(self):
        text = "0x10\ninner inlined at a/c.c:9:3 in outer\na/b.h:7:1\nouter\na/c.c:9:3\n"
        self.assertEqual(
            read(answers.gnu, text), [(("inner", "a/b.h", 7), ("outer", "a/c.c", 9))]
        )

    def test_blank_lines_between_answers_do_not_count(self):
        text = "0x10\nf\na.c:1\n\n0x20\ng\n./a.c:?\n\n"
        self.assertEqual(read(answers.gnu, text), [(("f", "a.c", 1),), (("g", "a.c", 0),)])

    def test_gsymutil_prints_a_chain_over_several_lines(self):
        text = (
            "0x0000000000000010: inner + 4 @ a/b.h:7 [inlined]\n"
            "                    outer + 16 @ a/c.c:9\n\n"
            "0x0000000000000020: error: address 0x20 is not in GSYM\n\n"
            "0x0000000000000030: bare + 1\n\n"
        )
        self.assertEqual(
            read(answers.gsymutil, text),
            [(("inner", "a/b.h", 7), ("outer", "a/c.c", 9)), (), (("bare", "", 0),)],
        )

    def test_symbolized_stacks_give_the_frames_beneath_each_address(self):
        text = (
            "EV 1 cpu=0 loc=0x10\n\n"
            "\t0000000000000010 outer+16\n"
            "        inner(hook=LOCAL_OUT, pf=2) at a/b.h:7\n"
            "        (inlined by) outer at a/c.c:9\n"
            "\t0000000000000020 gone+1\n\n"
        )
        self.assertEqual(
            read(answers.stacks, text),
            [(0x10, (("inner", "a/b.h", 7), ("outer", "a/c.c", 9))), (0x20, ())],
        )


class Comparing(unittest.TestCase):
    def judge(self, ours, theirs):
        return answers.verdict(tuple(ours), tuple(theirs))

    def test_a_shorter_path_is_the_same_file_only_at_a_slash(self):
        self.assertEqual(self.judge([("f", "net/core.c", 1)], [("f", "build/net/core.c", 1)]), "same")
        self.assertEqual(self.judge([("f", "t/core.c", 1)], [("f", "net/core.c", 1)]), "differ")

    def test_another_line_or_another_depth_differs(self):
        self.assertEqual(self.judge([("f", "a.c", 1)], [("f", "a.c", 2)]), "differ")
        self.assertEqual(self.judge([("f", "a.c", 1)], [("f", "a.c", 1), ("g", "a.c", 2)]), "differ")

    def test_other_names_at_the_same_places_are_counted_apart(self):
        self.assertEqual(self.judge([("f", "a.c", 1)], [("g", "a.c", 1)]), "names_differ")

    def test_suffixes_of_clones_are_no_difference(self):
        self.assertEqual(answers.function_name("f.isra.0"), "f")
        self.assertEqual(answers.function_name("f.part.0.cold"), "f")

    def test_silence_is_told_by_who_is_silent(self):
        self.assertEqual(self.judge([], []), "same")
        self.assertEqual(self.judge([("f", "a.c", 1)], []), "only_ours")
        self.assertEqual(self.judge([], [("f", "a.c", 1)]), "only_theirs")
        self.assertEqual(self.judge([("f", "", 0)], []), "bare_name")

    def test_missing_answers_at_the_end_count(self):
        agreement = answers.compare(iter([(("f", "a.c", 1),)] * 3), iter([(("f", "a.c", 1),)]))
        self.assertEqual((agreement.asked, agreement.same, agreement.only_ours), (3, 1, 2))


if __name__ == "__main__":
    unittest.main()
