"""Whether words are about what a business sells: by the kinds and trades they name."""

from dataclasses import dataclass

from pipelines.discovery.model import Seeker
from pipelines.tiers import Profile
from pipelines.tiers.reading import read_profile
from pipelines.tiers.taxonomy import load_taxonomy
from pipelines.tiers.terms import PhraseTable, tokens

_LEAST = 0.25  # of the strongest kind's weight; what stands below is mentioned, not sold


@dataclass(frozen=True, slots=True)
class Fit:
    """The kinds a business sells, those that may stand in for them, and its own words."""

    kinds: frozenset[str]
    trades: frozenset[str]
    own_words: PhraseTable[bool]

    def of(self, text: str) -> float:
        """1.0 the text names what is sold, 0.5 its trade, 0.0 nothing, -1.0 only other things."""
        words = [token.word for token in tokens(text)]
        if any(self.own_words.find(words)):
            return 1.0
        best, other = 0.0, False
        for hit in load_taxonomy().phrases.find(words):
            for concept in hit.labels:
                if concept.is_kind and concept.id in self.kinds:
                    return 1.0
                if concept.trade in self.trades:
                    best = 0.5
                elif concept.is_kind:
                    other = True
        return best or (-1.0 if other else 0.0)


def fit_of(seeker: Seeker) -> Fit:
    """Read a business once, for all the texts that are held against it."""
    profile = Profile(
        name=seeker.name,
        description=seeker.description,
        keywords=(*seeker.keywords, *seeker.offers),
        category=seeker.category,
    )
    weights = read_profile(profile).kinds
    most = max(weights.values(), default=0.0)
    taxonomy = load_taxonomy()
    sold = {kind for kind, weight in weights.items() if weight >= _LEAST * most}
    # What a longer phrase hides: "shop management and billing" is shop management, too.
    words = [token.word for token in tokens(seeker.description)]
    sold |= {
        concept.id
        for hit in taxonomy.phrases.find(words, nested=True)
        for concept in hit.labels
        if concept.is_kind
    }
    trades = {taxonomy.kinds[kind].trade for kind in sold if kind in taxonomy.kinds}
    kinds = sold | {other for kind, other in taxonomy.substitutes if kind in sold}
    phrases = [phrase for phrase in (*seeker.keywords, *seeker.offers) if len(phrase) > 2]
    return Fit(
        frozenset(kinds), frozenset(trades), PhraseTable((phrase, True) for phrase in phrases)
    )
