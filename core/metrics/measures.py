"""Every measure: what it is called, what it means, its unit, which way is better, and its formula.

Adding a measure is adding a row to ``MEASURES``.
"""

from core.i18n import N_
from core.metrics import formulas as f
from core.metrics.formulas import UNGROUNDED as UNGROUNDED
from core.metrics.formulas import Part as Part
from core.metrics.kinds import DOLLARS as DOLLARS
from core.metrics.kinds import NUMBER as NUMBER
from core.metrics.kinds import PER_SECOND as PER_SECOND
from core.metrics.kinds import SECONDS as SECONDS
from core.metrics.kinds import SHARE as SHARE
from core.metrics.kinds import STARS as STARS
from core.metrics.kinds import Measure as Measure
from core.metrics.review_measures import REVIEW_MEASURES
from core.statistics import mean

THIN = (
    30  # below this a figure is shown as thin: the interval of a share is over a third of its scale
)


MEASURES: dict[str, Measure] = {
    one.name: one
    for one in (
        Measure(
            "answers", N_("Answers"), N_("How many were given."), NUMBER, "", f.how_many_answers
        ),
        Measure(
            "conversations",
            N_("Conversations"),
            N_("How many began."),
            NUMBER,
            "",
            f.how_many_talks,
            "conversations",
        ),
        Measure(
            "satisfaction",
            N_("Satisfaction"),
            N_("Thumbs up of all thumbs. Who rates is no random choice of those who ask."),
            SHARE,
            "up",
            f.satisfaction,
            behind=f.unhappy,
        ),
        Measure(
            "rated",
            N_("Share rated"),
            N_("Answers with a thumb, of all answers."),
            SHARE,
            "up",
            f.share_of_answers(f.rated),
            behind=f.rated,
        ),
        Measure(
            "stars",
            N_("Stars"),
            N_("The mean of the stars (1 to 5) that conversations were given."),
            STARS,
            "up",
            f.stars,
            "conversations",
        ),
        Measure(
            "solved",
            N_("Solved"),
            N_(
                "Conversations of which the asker said so, or that ended with thanks and a thumb up, "
                "of all conversations."
            ),
            SHARE,
            "up",
            f.share_of_talks(f.solved),
            "conversations",
            f.solved,
        ),
        Measure(
            "abandoned",
            N_("Abandoned"),
            N_(
                "Conversations whose last answer found nothing, failed or was rated down, and after "
                "which nobody said anything more."
            ),
            SHARE,
            "down",
            f.share_of_talks(f.abandoned),
            "conversations",
            f.abandoned,
        ),
        Measure(
            "unknown",
            N_("Nobody knows"),
            N_("Conversations that are neither: nothing tells whether the question was solved."),
            SHARE,
            "",
            f.share_of_talks(f.unknown),
            "conversations",
            f.unknown,
        ),
        Measure(
            "turns",
            N_("Turns to solved"),
            N_("The median number of answers in conversations that were solved."),
            NUMBER,
            "down",
            f.turns_to_solved,
            "conversations",
            f.solved,
        ),
        Measure(
            "conversion",
            N_("Conversion"),
            N_("Conversations that an outside system reported as converted, of all."),
            SHARE,
            "up",
            lambda part: f.share(part.conversations["converted"], len(part.conversations)),
            "conversations",
            lambda part: part.conversations["converted"],
        ),
        *(
            Measure(
                f"time_p{name}",
                title,
                N_(
                    "Seconds from the question to the end of the answer; answers given again apart."
                ),
                SECONDS,
                "down",
                f.quantile_of("total", q),
                behind=f.slowest("total"),
            )
            for name, title, q in (
                ("50", N_("Answer time, half within"), 0.5),
                ("95", N_("Answer time, 95 of 100 within"), 0.95),
                ("99", N_("Answer time, 99 of 100 within"), 0.99),
            )
        ),
        *(
            Measure(
                f"first_p{name}",
                title,
                N_("Seconds from the question to the first word of the answer."),
                SECONDS,
                "down",
                f.quantile_of("first", q),
                behind=f.slowest("first"),
            )
            for name, title, q in (
                ("50", N_("First word, half within"), 0.5),
                ("95", N_("First word, 95 of 100 within"), 0.95),
            )
        ),
        Measure(
            "speed",
            N_("Tokens per second"),
            N_("The median, of the time in which the model wrote."),
            PER_SECOND,
            "up",
            f.per_second,
        ),
        Measure(
            "loading",
            N_("Loading the model"),
            N_("The median, of the answers that had to wait for the model to be loaded."),
            SECONDS,
            "down",
            f.loading,
            behind=lambda part: part.answers["load"] > 0,
        ),
        Measure(
            "cost_answer",
            N_("Cost per answer"),
            N_("The mean of what the tokens of an answer cost; answers given again cost nothing."),
            DOLLARS,
            "down",
            f.answer_cost,
        ),
        Measure(
            "cost_conversation",
            N_("Cost per conversation"),
            N_("The mean over conversations whose cost is known."),
            DOLLARS,
            "down",
            f.talk_cost,
            "conversations",
        ),
        Measure(
            "cost_solved",
            N_("Cost per solved conversation"),
            N_("All that was spent, divided by the conversations that were solved."),
            DOLLARS,
            "down",
            f.solved_cost,
            "conversations",
            f.solved,
        ),
        Measure(
            "errors",
            N_("Errors"),
            N_("Answers that ended in an error, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(f.ERROR),
            behind=f.ERROR,
        ),
        Measure(
            "fallbacks",
            N_("Fallbacks"),
            N_("Answers for which another model had to step in, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(f.fell_back),
            behind=f.fell_back,
        ),
        Measure(
            "cut_off",
            N_("Cut off"),
            N_("Answers that stopped before their end, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(f.CUT_OFF),
            behind=f.CUT_OFF,
        ),
        Measure(
            "cached",
            N_("Given again"),
            N_("Answers that the cache gave, of all answers."),
            SHARE,
            "",
            f.share_of_answers(lambda part: part.answers["cached"]),
            behind=lambda part: part.answers["cached"],
        ),
        Measure(
            "saved_seconds",
            N_("Time saved"),
            N_("What the answers that were given again had taken when they were written."),
            SECONDS,
            "",
            lambda part: f.saved(part, "saved_seconds"),
        ),
        Measure(
            "saved_cost",
            N_("Money saved"),
            N_("What the answers that were given again had cost when they were written."),
            DOLLARS,
            "",
            lambda part: f.saved(part, "saved_cost"),
        ),
        Measure(
            "groundedness",
            N_("Groundedness"),
            N_("The mean share of an answer's sentences that its passages support; quotes apart."),
            SHARE,
            "up",
            lambda part: mean(f.grounded(part)),
            behind=lambda part: part.answers["groundedness"] < f.UNGROUNDED,
        ),
        Measure(
            "ungrounded",
            N_("Ungrounded"),
            N_("Answers less than half of whose sentences are supported, of those written freely."),
            SHARE,
            "down",
            f.ungrounded,
            behind=lambda part: part.answers["groundedness"] < f.UNGROUNDED,
        ),
        Measure(
            "uncited",
            N_("Without citation"),
            N_("Answers that cite nothing though something was found, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(f.uncited),
            behind=f.uncited,
        ),
        Measure(
            "no_information",
            N_("Not in the documents"),
            N_("Answers that found nothing or only something related, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(f.NOTHING_FOUND),
            behind=f.NOTHING_FOUND,
        ),
        Measure(
            "out_of_scope",
            N_("Out of scope"),
            N_("Answers that somebody said are not what was asked, of all answers."),
            SHARE,
            "down",
            f.share_of_answers(lambda part: part.answers["out_of_scope"]),
            behind=lambda part: part.answers["out_of_scope"],
        ),
        *REVIEW_MEASURES,
    )
}
