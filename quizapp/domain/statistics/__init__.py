"""Item analysis and reliability, in floats: what the marks say of the questions. None is what the data cannot say.

``moments`` are the plain sums, ``items`` and ``options`` the figures of a question, ``quizzes`` those of a whole quiz,
``sitting`` what was done when, and ``response_model`` the two-parameter model, which alone needs numpy.
"""
