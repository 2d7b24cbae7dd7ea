/* What is noise: the spread over the seeds, and whether a difference from the base goes beyond it.
 *
 * A scenario and the base are compared seed by seed: the mean of the paired differences with a confidence interval by
 * Student's t (Law, Simulation Modeling and Analysis, chapter 10: the paired-t confidence interval). Where several
 * scenarios are compared with one base, alpha is shared among them (Bonferroni; the same chapter, "comparisons with a
 * standard"): all their intervals hold together with at least the confidence asked for.
 */
#include "scenario.h"

#include <math.h>

scenario_spread scenario_spread_of(const double *values, int32_t n)
{
    scenario_spread s = {.n = n, .mean = NAN, .sd = NAN, .least = NAN, .most = NAN};
    if (n == 0)
        return s;
    double sum = 0, squares = 0;
    s.least = s.most = values[0];
    for (int32_t i = 0; i < n; i++) {
        sum += values[i];
        s.least = fmin(s.least, values[i]);
        s.most = fmax(s.most, values[i]);
    }
    s.mean = s.least == s.most ? s.least : sum / n; /* equal values have no rounding between them */
    for (int32_t i = 0; i < n; i++)
        squares += (values[i] - s.mean) * (values[i] - s.mean);
    s.sd = n > 1 ? sqrt(squares / (n - 1)) : 0;
    return s;
}

/* P(|T| <= t) for whole degrees of freedom, a finite sum (Abramowitz and Stegun, Handbook of Mathematical Functions,
 * 26.7.3 and 26.7.4). */
static double student_within(double t, int32_t degrees)
{
    double theta = atan2(t, sqrt(degrees)), cosine = cos(theta), sine = sin(theta);
    double term = degrees % 2 ? cosine : 1, sum = degrees == 1 ? 0 : term;
    for (int32_t k = degrees % 2 ? 2 : 1; k <= degrees - 3; k += 2) {
        term *= cosine * cosine * k / (k + 1);
        sum += term;
    }
    return degrees % 2 ? 2 / M_PI * (theta + sine * sum) : sine * sum;
}

double scenario_student_quantile(double p, int32_t degrees)
{
    double low = 0, high = 1, within = 2 * p - 1;
    while (student_within(high, degrees) < within && high < 1e9)
        high *= 2;
    for (int32_t i = 0; i < 200 && high - low > 1e-12 * high; i++) {
        double middle = low + (high - low) / 2;
        if (student_within(middle, degrees) < within)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

scenario_difference scenario_difference_of(const double *from, const double *with, int32_t n, double alpha)
{
    double pairs[SEEDS_MOST] = {0};
    for (int32_t i = 0; i < n; i++)
        pairs[i] = with[i] - from[i];
    scenario_spread s = scenario_spread_of(pairs, n);
    scenario_difference d = {.n = n, .mean = s.mean, .low = NAN, .high = NAN, .verdict = SCENARIO_UNKNOWN};
    if (n < 2)
        return d;
    double half = s.sd > 0 ? scenario_student_quantile(1 - alpha / 2, n - 1) * s.sd / sqrt(n) : 0;
    d.low = s.mean - half;
    d.high = s.mean + half;
    d.verdict = s.least == 0 && s.most == 0 ? SCENARIO_SAME
                : d.high < 0                ? SCENARIO_LESS
                : d.low > 0                 ? SCENARIO_MORE
                                            : SCENARIO_NOISE;
    return d;
}
