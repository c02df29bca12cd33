/* The sum of many whole numbers, as merrow_fast._sum. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define EDITION 3

static long asked;

static PyObject *
total(PyObject *module, PyObject *numbers)
{
    PyObject *item, *larger, *iterator = PyObject_GetIter(numbers);
    PyObject *sum = iterator == NULL ? NULL : PyLong_FromLong(0);

    asked++;
    while (sum != NULL && (item = PyIter_Next(iterator)) != NULL) {
        larger = NULL;
        if (PyLong_Check(item))
            larger = PyNumber_Add(sum, item);
        else
            PyErr_Format(PyExc_TypeError, "total() takes whole numbers, not %s", Py_TYPE(item)->tp_name);
        Py_DECREF(item);
        Py_SETREF(sum, larger);
    }
    Py_XDECREF(iterator);
    if (PyErr_Occurred())
        Py_CLEAR(sum);
    return sum;
}

static PyObject *
times_asked(PyObject *module, PyObject *nothing)
{
    return PyLong_FromLong(asked);
}

static PyMethodDef functions[] = {
    {"total", total, METH_O, "The sum of the whole numbers in an iterable."},
    {"times_asked", times_asked, METH_NOARGS, "How often total was called in this process."},
    {NULL, NULL, 0, NULL},
};

static int
fill(PyObject *module)
{
    return PyModule_AddIntConstant(module, "EDITION", EDITION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_sum", "The sum of many whole numbers.", 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__sum(void)
{
    return PyModuleDef_Init(&definition);
}
