"""The rows that find one kind of code by the words beside it."""

from __future__ import annotations

from memveil.recognizers.cues import LINK, LOOSE, OPEN, any_word, cue_then_value, value_then_cue
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.identifiers_shapes import ANY_CODE, CODE_OR_HASHED, is_any_code, is_jointed_or_hashed

__all__ = ["code_rows", "context_row"]

_SUFFIX = (
    r"(?:[ _-]?(?:id|number|no|num|nr|code|ref|reference|serial|tag|file)(?![a-z])\.?"
    r"|的?(?:参考|參考|追踪|追蹤|流水|查询|查詢|登记|登記|确认|確認|识别|識別)?"
    r"(?:编号|編號|号码|號碼|代码|代碼|单号|單號|流水号|流水號|编码|編碼|标识|码|碼|号|號|id(?![a-z])))"
)
# What makes any form of code believable: a word for number, a colon, or many digits at once.
_NAMED = (
    rf"(?:{_SUFFIX}|(?=[ ]?[:=])|(?<=[码碼号號])|(?<=number)|(?<=[ ]no)|(?<=[ ]id)|(?<=ref)|(?<=reference)"
    r"|(?=[ ]?#?(?-i:(?:[A-Z]{2,5}[ ](?=\d))?(?=[A-Z0-9]{0,8}\d{4})[A-Z0-9]{6,24})(?![A-Za-z0-9.,][A-Za-z0-9]))"
    r"|(?=[ ](?-i:[A-Z0-9]{1,6}[/\-])[A-Z0-9/\-]{0,20}\d{3}))"
)


def code_rows(
    family: str,
    privacy_type: str,
    *,
    cues: tuple[str, ...],
    code: tuple[str, str],
    numbered: tuple[str, str],
    before: tuple[str, str],
    headed: tuple[str, str],
    unless_after: tuple[str, ...] = (),
    counterexamples: tuple[str, ...] = (),
) -> tuple[Pattern, ...]:
    """Four rows for one kind of code, by where it stands beside its cue.

    It may be jointed and near, of any form right behind, in front of the cue, or at the end of a
    sentence that the cue begins (``the code for the booking is ...``).

    Args:
        family: first part of the names of the rows.
        privacy_type: what the cues make of a code.
        cues: see :func:`~memveil.recognizers.cues.cue_then_value`.
        code: example of a jointed code after its cue.
        numbered: example of a code of any form, after a cue with ``number``, ``编号`` or a colon.
        before: example of a jointed code with its cue behind it.
        headed: example of a code after ``cue for ... is``, where another cue may stand nearer.
        unless_after: see :func:`~memveil.recognizers.cues.cue_then_value`.
        counterexamples: texts in which none of the rows must find anything.
    """
    return (
        cue_then_value(
            f"{family}.code",
            privacy_type,
            cues=cues,
            suffix=f"{_SUFFIX}?",
            unless_after=unless_after,
            gap=LOOSE,
            value=CODE_OR_HASHED,
            validate=is_jointed_or_hashed,
            examples=(code,),
            counterexamples=counterexamples,
        ),
        cue_then_value(
            f"{family}.numbered",
            privacy_type,
            cues=cues,
            suffix=_NAMED,
            unless_after=unless_after,
            value=ANY_CODE,
            gap=LINK,
            validate=is_any_code,
            examples=(numbered,),
            counterexamples=counterexamples,
        ),
        cue_then_value(
            f"{family}.headed",
            privacy_type,
            cues=cues,
            suffix=f"{_SUFFIX}?",
            unless_after=unless_after,
            gap=(
                r"[ ](?:for|of|to|from|on|that|which|I|sent|used|we|needed|required)[ ][^\n.!?;:]{2,90}?[ ](?:is|was|reads)[ ]"
                rf"(?:now[ ]|just[ ]|indeed[ ])?{OPEN}"
            ),
            value=CODE_OR_HASHED,
            validate=is_jointed_or_hashed,
            score=0.905,
            examples=(headed,),
            counterexamples=counterexamples,
        ),
        value_then_cue(
            f"{family}.before",
            privacy_type,
            cues=cues,
            value=CODE_OR_HASHED,
            validate=is_jointed_or_hashed,
            examples=(before,),
            counterexamples=counterexamples,
        ),
    )


def context_row(
    name: str,
    privacy_type: str,
    *,
    context: tuple[str, ...],
    cues: tuple[str, ...],
    examples: tuple[tuple[str, str], ...],
    counterexamples: tuple[str, ...] = (),
) -> Pattern:
    """A row for a general cue (``file``, ``编号``) that the words before it make particular (``clinic``).

    Args:
        name: as in :class:`~memveil.recognizers.patterns.Pattern`, like the arguments not named here.
        privacy_type: what context and cue together make of a code.
        context: words that stand up to sixty characters before the cue, in its sentence.
        cues: the general words.
        examples: as in ``Pattern``.
        counterexamples: as in ``Pattern``.
    """
    return cue_then_value(
        name,
        privacy_type,
        cues=context,
        suffix=rf"(?:[^\n。!?;]{{0,60}}?{any_word(cues)}{_SUFFIX}?)",
        gap=LINK,
        value=ANY_CODE,
        validate=lambda value: is_any_code(value) and sum(char.isdigit() for char in value) >= 3,
        examples=examples,
        counterexamples=counterexamples,
    )
