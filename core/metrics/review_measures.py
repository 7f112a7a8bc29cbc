"""The measures that come from reviewers and judge models; see ``reviews`` for their formulas."""

from core.i18n import N_
from core.metrics import reviews as r
from core.metrics.kinds import NUMBER, SECONDS, SHARE, Measure

SOME_BY = REVIEWER, CRITERION, JUDGE = "reviewer", "criterion", "judge"  # what some are split by
APPROVED, USABLE = r.said("approved"), r.said("approved", "corrected")
REJECTED = r.said("rejected")
OF_FAULTY = N_("Of the answers that reviewers rejected or corrected.")

REVIEW_MEASURES = (
    Measure(
        "unbiased",
        N_("Good, of a random share"),
        N_(
            "Answers that reviewers approved as they stood, of those drawn by chance: who rates is no "
            "random choice, who is drawn is one."
        ),
        SHARE,
        "up",
        r.share_of_random(APPROVED),
        "judged",
        r.random(r.faulty),
    ),
    Measure(
        "unbiased_usable",
        N_("Usable, of a random share"),
        N_("Answers that reviewers approved as they stood or corrected, of those drawn by chance."),
        SHARE,
        "up",
        r.share_of_random(USABLE),
        "judged",
        r.random(REJECTED),
    ),
    Measure(
        "accuracy",
        N_("Accuracy"),
        N_("Answers that reviewers approved as they stood, of those they judged."),
        SHARE,
        "up",
        r.share_of_judged(APPROVED),
        "judged",
        r.faulty,
    ),
    Measure(
        "usable",
        N_("Usable"),
        N_("Answers that reviewers approved as they stood or corrected, of those they judged."),
        SHARE,
        "up",
        r.share_of_judged(USABLE),
        "judged",
        REJECTED,
    ),
    Measure(
        "tone",
        N_("Consistent tone"),
        N_(
            "Answers whose tone reviewers scored 4 of 5 or better, of those whose tone they scored."
        ),
        SHARE,
        "up",
        r.good_tone,
        "judged",
        r.bad_tone,
    ),
    Measure(
        "quality",
        N_("Quality"),
        N_("The mean of what reviewers scored, from 0 at the foot of each scale to 1 at its top."),
        SHARE,
        "up",
        r.quality,
        "judged",
        by=(CRITERION,),
    ),
    *(
        Measure(
            f"failed_{kind}",
            title,
            OF_FAULTY,
            SHARE,
            "down",
            r.share_of_faulty(kind),
            "judged",
            r.failed(kind),
        )
        for kind, title in (
            ("retrieval", N_("Fault of the search")),
            ("generation", N_("Fault of the writing")),
            ("safety", N_("Fault of safety")),
            ("other", N_("Another fault")),
        )
    ),
    Measure(
        "judge_approved",
        N_("Good, by the judge model"),
        N_(
            "Answers that the judge model of their queue would approve, of those it was asked about."
        ),
        SHARE,
        "up",
        r.judge_approved,
        "judgements",
        r.judge_refused,
        (JUDGE,),
    ),
    Measure(
        "judge_agreement",
        N_("Judge model and people agree"),
        N_("Answers that it judged as most of their reviewers did, of those that both judged."),
        SHARE,
        "up",
        r.judge_agreement,
        "judgements",
        r.judge_differs,
        (JUDGE,),
    ),
    Measure(
        "judge_kappa",
        N_("Judge model and people, beyond chance"),
        N_("Cohen's kappa: 1 where they always agree, 0 where they agree as often as by chance."),
        NUMBER,
        "up",
        r.judge_kappa,
        "judgements",
        r.judge_differs,
        (JUDGE,),
    ),
    Measure(
        "reviews_per_day",
        N_("Reviews per reviewer and day"),
        N_("The mean over the days on which a reviewer judged anything."),
        NUMBER,
        "up",
        r.per_day,
        "judgements",
        r.reviewed,
        (REVIEWER,),
    ),
    *(
        Measure(
            f"waited_p{name}",
            title,
            N_("From when an answer was queued until a reviewer judged it first."),
            SECONDS,
            "down",
            r.waited(q),
            "judged",
        )
        for name, title, q in (
            ("50", N_("Wait for a review, half within"), 0.5),
            ("95", N_("Wait for a review, 95 of 100 within"), 0.95),
        )
    ),
    Measure(
        "waiting",
        N_("Waiting for a review"),
        N_("Answers in the queues that nobody had judged at the end of the time."),
        NUMBER,
        "down",
        r.still_waiting,
        "items",
        r.waiting,
    ),
    Measure(
        "oldest_waiting",
        N_("Longest wait so far"),
        N_("How long the oldest answer that nobody has judged had waited at the end of the time."),
        SECONDS,
        "down",
        r.oldest,
        "items",
        r.waiting,
    ),
)
