#pragma once
// Quantiles and probabilities of the distributions for intervals and tests, computed with Boost.Math. Degrees of
// freedom are positive and may be fractional. No state: callable from any thread.
namespace regard::evaluation {

[[nodiscard]] double student_t_quantile(double probability, double degrees);
// Returns P(|T| >= |t|).
[[nodiscard]] double student_t_two_sided_p(double t, double degrees);
// Returns the degrees of freedom in [low, high] at which student_t_quantile(probability, .) is `quantile`.
[[nodiscard]] double student_t_degrees(double probability, double quantile, double low, double high);
[[nodiscard]] double chi_squared_quantile(double probability, double degrees);
// Returns P(|T| >= critical) where T has the non-central t distribution with non-centrality `shift`. This is the power
// of a test.
[[nodiscard]] double student_t_power(double shift, double degrees, double critical);

}  // namespace regard::evaluation
